// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {AccountTest} from "../testing/AccountTest.sol";
import {AccountFactory} from "./AccountFactory.sol";
import {ITrivetAccount} from "./ITrivetAccount.sol";
import {TrivetAccount} from "./TrivetAccount.sol";

contract AccountFactoryTest is AccountTest {
    function testFuzz_AnAccountComesToItsAddress(
        bytes32 device,
        bytes32 mfa,
        bytes32 recovery,
        bytes32 salt
    ) public {
        vm.assume(device != 0 && mfa != 0 && recovery != 0);
        vm.assume(device != mfa && mfa != recovery && recovery != device);
        address expected = FACTORY.accountAddress(device, mfa, recovery, salt);
        assertEq(expected.code.length, 0);
        vm.expectEmit();
        emit AccountFactory.AccountCreated(expected, device, mfa, recovery);
        assertEq(FACTORY.createAccount(device, mfa, recovery, salt), expected);
        assertEq(
            keccak256(expected.code),
            keccak256(
                abi.encodePacked(
                    hex"363d3d373d3d3d363d73",
                    address(IMPLEMENTATION),
                    hex"5af43d82803e903d91602b57fd5bf3"
                )
            )
        );
    }

    function test_CreatingAnAccountAgainChangesNothing() public {
        bytes32 newMfa = keccak256("new");
        bytes32 oldMfa = _id(mfaPrivateKey);
        bytes memory signatures = _both(
            devicePrivateKey,
            mfaPrivateKey,
            _replacement(MFA, oldMfa, newMfa, 0)
        );
        account.replaceKey(MFA, oldMfa, newMfa, 0, "", signatures);

        TrivetAccount again = _create(_id(devicePrivateKey), oldMfa, _id(recoveryPrivateKey));
        assertEq(address(again), address(account));
        (uint8 role, , ) = _key(oldMfa);
        assertEq(role, 0);
        assertEq(account.getNonce(0), 1);
    }

    function testFuzz_EveryKeyAndTheSaltCountForTheAddress(
        bytes32[4] calldata a,
        bytes32[4] calldata b
    ) public view {
        vm.assume(a[0] != b[0] || a[1] != b[1] || a[2] != b[2] || a[3] != b[3]);
        assertTrue(
            FACTORY.accountAddress(a[0], a[1], a[2], a[3]) != FACTORY.accountAddress(b[0], b[1], b[2], b[3])
        );
    }

    function test_TheFactorySaysWhatCodeItsAccountsShare() public view {
        assertEq(FACTORY.implementation(), address(IMPLEMENTATION));
    }

    function test_WhoCreatesAnAccountBeforeItsOwnerChangesNothingForTheOwner() public {
        (bytes32 device, bytes32 mfa, bytes32 recovery) = (keccak256("d"), keccak256("m"), keccak256("r"));
        address expected = FACTORY.accountAddress(device, mfa, recovery, "salt");
        vm.deal(expected, 3 ether);
        vm.prank(BOB);
        FACTORY.createAccount(device, mfa, recovery, "salt");
        // The owner's own transaction, which comes second, succeeds all the same.
        assertEq(FACTORY.createAccount(device, mfa, recovery, "salt"), expected);
        assertEq(expected.balance, 3 ether);
        vm.expectRevert(ITrivetAccount.AlreadyInitialized.selector);
        vm.prank(BOB);
        TrivetAccount(payable(expected)).initialize(keccak256("b"), keccak256("o"), keccak256("b2"));
    }

    function test_AFactoryNeedsAnImplementation() public {
        vm.expectRevert(
            abi.encodeWithSelector(AccountFactory.ImplementationMissing.selector, address(0xDEAD))
        );
        new AccountFactory(address(0xDEAD));
    }
}
