// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155Receiver} from "@openzeppelin/contracts/token/ERC1155/IERC1155Receiver.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IERC721Receiver} from "@openzeppelin/contracts/token/ERC721/IERC721Receiver.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";

import {CallingMultiToken} from "../testing/hostile/CallingMultiToken.sol";
import {CallingNft} from "../testing/hostile/CallingNft.sol";
import {SpendingTest} from "../testing/SpendingTest.sol";
import {Nonces} from "./account/Nonces.sol";
import {IAccountChanges} from "./IAccountChanges.sol";
import {Call, ITrivetAccount} from "./ITrivetAccount.sol";

contract TrivetAccountTokensTest is SpendingTest {
    CallingNft private _nft;
    CallingMultiToken private _multi;

    function setUp() public override {
        super.setUp();
        _nft = CallingNft(_hostile("CallingNft", ""));
        _multi = CallingMultiToken(_hostile("CallingMultiToken", ""));
    }

    function test_TheAccountReceivesAndSendsAnErc721Token() public {
        _nft.mint(BOB, 7);
        vm.prank(BOB);
        _nft.safeTransferFrom(BOB, address(account), 7);
        assertEq(_nft.ownerOf(7), address(account));

        _execute(address(_nft), abi.encodeCall(IERC721.transferFrom, (address(account), BOB, 7)));
        assertEq(_nft.ownerOf(7), BOB);
    }

    function test_TheAccountReceivesAndSendsErc1155Tokens() public {
        _multi.mint(BOB, 1, 10);
        _multi.mint(BOB, 2, 20);
        vm.prank(BOB);
        _multi.safeTransferFrom(BOB, address(account), 1, 4, "");
        uint256[] memory ids = new uint256[](2);
        uint256[] memory amounts = new uint256[](2);
        (ids[0], ids[1]) = (1, 2);
        (amounts[0], amounts[1]) = (6, 20);
        vm.prank(BOB);
        _multi.safeBatchTransferFrom(BOB, address(account), ids, amounts, "");
        assertEq(_multi.balanceOf(address(account), 1), 10);
        assertEq(_multi.balanceOf(address(account), 2), 20);

        _execute(
            address(_multi),
            abi.encodeCall(IERC1155.safeTransferFrom, (address(account), BOB, 1, 10, ""))
        );
        assertEq(_multi.balanceOf(BOB, 1), 10);
        assertEq(_multi.balanceOf(address(account), 2), 20);
    }

    function test_TheAccountSaysWhatItReceives() public {
        assertTrue(account.supportsInterface(type(IERC165).interfaceId));
        assertTrue(account.supportsInterface(type(IERC1155Receiver).interfaceId));
        assertFalse(account.supportsInterface(0xffffffff));
        assertEq(
            bytes32(account.onERC721Received(BOB, BOB, 1, "")),
            bytes32(IERC721Receiver.onERC721Received.selector)
        );
    }

    function testFuzz_AnybodyMayPayInEther(uint96 amount) public {
        vm.deal(BOB, amount);
        vm.prank(BOB);
        // solhint-disable-next-line avoid-low-level-calls
        (bool succeeded, ) = address(account).call{value: amount}("");
        assertTrue(succeeded);
        assertEq(address(account).balance, 10 ether + uint256(amount));
    }

    function test_ATokenCannotHaveItsTransferMadeTwice() public {
        _nft.mint(address(account), 7);
        _multi.mint(address(account), 1, 10);
        Call[] memory calls = _calls(
            Call(address(_nft), 0, abi.encodeCall(IERC721.transferFrom, (address(account), BOB, 7))),
            Call(
                address(_multi),
                0,
                abi.encodeCall(IERC1155.safeTransferFrom, (address(account), BOB, 1, 4, ""))
            )
        );
        bytes memory signatures = _both(devicePrivateKey, mfaPrivateKey, _execution(calls, 0));
        bytes memory again = abi.encodeCall(ITrivetAccount.execute, (calls, 0, signatures));
        _nft.arm(address(account), again);
        _multi.arm(address(account), again);
        account.execute(calls, 0, signatures);

        bytes32 refusal = keccak256(abi.encodeWithSelector(Nonces.NonceNotNext.selector, 0, 1));
        assertFalse(_nft.succeeded());
        assertEq(keccak256(_nft.answer()), refusal);
        assertFalse(_multi.succeeded());
        assertEq(keccak256(_multi.answer()), refusal);
        assertEq(_multi.balanceOf(BOB, 1), 4);
    }

    function test_ATokenHasNoAuthorityWhileItMoves() public {
        _nft.mint(BOB, 7);
        _nft.arm(address(account), abi.encodeCall(IAccountChanges.emergencyWithdraw, (ETHER, 1 ether)));
        vm.prank(BOB);
        _nft.safeTransferFrom(BOB, address(account), 7);
        assertFalse(_nft.succeeded());
        assertEq(
            keccak256(_nft.answer()),
            keccak256(abi.encodeWithSelector(IAccountChanges.NotAnEmergencyAddress.selector, address(_nft)))
        );
    }

    function _execute(address target, bytes memory data) private {
        Call[] memory calls = _calls(Call(target, 0, data));
        uint256 nonce = account.getNonce(0);
        account.execute(calls, nonce, _both(devicePrivateKey, mfaPrivateKey, _execution(calls, nonce)));
    }
}
