// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {DevnetExchange} from "../../devnet/DevnetExchange.sol";
import {SpendingTest} from "../../testing/SpendingTest.sol";
import {Change} from "../account/Changes.sol";
import {Signatures} from "../account/Signatures.sol";
import {Call} from "../ITrivetAccount.sol";
import {ScriptVerifier} from "./ScriptVerifier.sol";

contract ScriptVerifierTest is SpendingTest {
    bytes4 private constant NO = 0xffffffff;
    uint104 private constant LIMIT = 1 ether;

    ScriptVerifier private immutable VERIFIER = ScriptVerifier(
        _deploy("src/verifiers/ScriptVerifier.sol:ScriptVerifier", abi.encode(IMPLEMENTATION))
    );

    uint256 private _scriptPrivateKey = uint256(keccak256("script"));
    bytes private _signer;
    bytes32 private _script;
    DevnetExchange private _exchange;

    /// @dev The script may buy at the exchange, for an ether a day.
    function setUp() public override {
        super.setUp();
        _exchange = DevnetExchange(
            _deploy("devnet/DevnetExchange.sol:DevnetExchange", abi.encode(token, 2_000_000_000))
        );
        _signer = bytes.concat(bytes20(address(VERIFIER)), bytes20(vm.addr(_scriptPrivateKey)));
        _script = keccak256(bytes.concat(_signer, bytes32(0)));
        _set(Change.AddKey, _words(_word(DEVICE), _script, 0));
        _allow(_script, address(_exchange), DevnetExchange.buy.selector);
        _set(Change.SetLimit, _words(_script, _word(ETHER), bytes32(uint256(LIMIT))));
    }

    // ---- what it vouches for

    function test_AScriptMakesTheCallsInItsScopeWithinItsLimit() public {
        uint256 before = token.balanceOf(address(account));
        _execute(_calls(_buy(0.4 ether), _buy(0.6 ether)));
        assertEq(token.balanceOf(address(account)) - before, 2_000_000_000);
        (, uint256 available) = _views().getLimit(_script, ETHER);
        assertEq(available, 0);
        // Without ether the limit does not matter.
        _execute(_calls(_buy(0)));
    }

    function test_ItVouchesForExactlyTheLimitAndTheOpenHours() public {
        assertTrue(_vouches(_calls(_buy(LIMIT))));
        assertFalse(_vouches(_calls(_buy(LIMIT + 1))));
        assertFalse(_vouches(_calls(_buy(LIMIT), _buy(1))));
        // It is noon: bit 12.
        _set(Change.SetHours, _words(_script, bytes32(uint256(1 << 12))));
        assertFalse(_vouches(_calls(_buy(1))));
        assertTrue(_vouches(_calls(_buy(0))));
        vm.warp(NOON + 1 hours - 1);
        assertFalse(_vouches(_calls(_buy(1))));
        vm.warp(NOON + 1 hours);
        assertTrue(_vouches(_calls(_buy(1))));
        vm.warp(NOON + 24 hours);
        assertFalse(_vouches(_calls(_buy(1))));
    }

    function test_SumsAreNotMadeSmallByBeingHuge() public {
        _refuse(_calls(_buy(type(uint256).max), _buy(2)));
    }

    function test_ItAnswersForTheAccountThatAsks() public {
        Call[] memory calls = _calls(_buy(1));
        bytes32 digest = _execution(calls, 0);
        bytes memory signature = _byScript(calls, 0, digest);
        vm.prank(address(account));
        _assertAnswer(_verify(digest, signature), VERIFIER.verify.selector);

        // The same keys and the same rights, but the signature names the other account.
        address other = address(
            FACTORY.createAccount(_id(devicePrivateKey), _id(mfaPrivateKey), _id(recoveryPrivateKey), "2")
        );
        vm.prank(other);
        _assertAnswer(_verify(digest, signature), NO);
        _assertAnswer(_verify(digest, signature), NO);
    }

    function testFuzz_ItVouchesExactlyForWhatTheAccountLetsAPlainKeyDoAlone(
        uint256 value,
        uint256 second,
        uint24 closedHours,
        uint104 limit,
        uint256 time,
        bool isScoped,
        bytes3 name
    ) public {
        // None of the functions that hand out tokens ends in a zero byte.
        bytes4 selector = bytes4(name);
        _addKey(DEVICE, laptopPrivateKey, 0);
        bytes32[2] memory keys = [_script, _id(laptopPrivateKey)];
        for (uint256 i = 0; i < keys.length; ++i) {
            _set(Change.SetLimit, _words(keys[i], _word(ETHER), bytes32(uint256(limit))));
            _set(Change.SetHours, _words(keys[i], bytes32(uint256(closedHours))));
            if (isScoped) _allow(keys[i], BOB, selector);
        }
        vm.warp(bound(time, NOON, NOON + 2 days));
        value = bound(value, 0, 2 * uint256(limit));
        second = bound(second, 0, 2 * uint256(limit));
        vm.deal(address(account), value + second);
        bytes memory data = abi.encodePacked(selector, "arguments");
        Call[] memory calls = _calls(Call(BOB, value, data), Call(BOB, second, data));

        bool vouches = _vouches(calls);
        uint256 nonce = account.getNonce(0);
        bytes memory plain = _compact(laptopPrivateKey, _execution(calls, nonce));
        try account.execute(calls, nonce, plain) {
            assertTrue(vouches);
        } catch {
            assertFalse(vouches);
        }
    }

    // ---- calls it does not vouch for, whoever signs beside it

    function test_BesideAnMfaKeyItCountsForNothingMore() public {
        Call[] memory calls = _calls(_buy(1));
        _executeWithMfa(calls);
        _refuseWithMfa(_calls(Call(BOB, 0, hex"11223344")));
        _refuseWithMfa(_calls(_buy(1), Call(BOB, 0, hex"11223344")));
        _refuseWithMfa(_calls(_buy(LIMIT + 1)));
        _refuseWithMfa(new Call[](0));
        vm.warp(NOON + 1 days);
        _set(Change.SetHours, _words(_script, bytes32(uint256(type(uint24).max))));
        _refuseWithMfa(calls);
    }

    function test_WhereDeviceKeysMayProposeAnythingItProposesNothing() public {
        _setRules(uint8(1 << DEVICE), false);
        Call[] memory calls = _calls(Call(BOB, 1 ether, hex"11223344"));
        // An ordinary device key may.
        account.execute(
            calls,
            account.getNonce(0),
            _compact(devicePrivateKey, _execution(calls, account.getNonce(0)))
        );
        _refuse(calls);
        _refuse(_calls(_buy(LIMIT + 1)));
    }

    function test_APaymentIsNoCallEvenInScope() public {
        _allow(_script, BOB, 0);
        for (uint256 length = 0; length < 4; ++length) {
            _refuse(_calls(Call(BOB, 1, new bytes(length))));
        }
        assertTrue(_vouches(_calls(Call(BOB, 1, new bytes(4)))));
    }

    function test_FunctionsThatHandOutTokensAreNotCalledEvenInScope() public {
        string[18] memory functions = [
            "transfer(address,uint256)",
            "transferFrom(address,address,uint256)",
            "approve(address,uint256)",
            "increaseAllowance(address,uint256)",
            "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
            "setApprovalForAll(address,bool)",
            "safeTransferFrom(address,address,uint256)",
            "safeTransferFrom(address,address,uint256,bytes)",
            "safeTransferFrom(address,address,uint256,uint256,bytes)",
            "safeBatchTransferFrom(address,address,uint256[],uint256[],bytes)",
            "send(address,uint256,bytes)",
            "authorizeOperator(address)",
            "transferAndCall(address,uint256)",
            "transferAndCall(address,uint256,bytes)",
            "transferFromAndCall(address,address,uint256)",
            "transferFromAndCall(address,address,uint256,bytes)",
            "approveAndCall(address,uint256)",
            "approveAndCall(address,uint256,bytes)"
        ];
        for (uint256 i = 0; i < functions.length; ++i) {
            bytes4 selector = bytes4(keccak256(bytes(functions[i])));
            _allow(_script, address(token), selector);
            bytes memory data = abi.encodePacked(selector, abi.encode(BOB, 25));
            _refuse(_calls(Call(address(token), 0, data)));
            _refuse(_calls(_buy(1), Call(address(token), 0, data)));
        }
    }

    // ---- whatever else is signed

    function test_NoOtherOperationIsSigned() public {
        for (uint256 change = 0; change <= uint256(type(Change).max); ++change) {
            _neverFor(_change(Change(change), _words(_script, _script, 0), 0));
        }
        _neverFor(_withdrawal(ETHER, BOB, 1, 0));
        _neverFor(_withdrawal(address(token), BOB, 0, 0));
        _neverFor(_readableWithdrawal("0.1 ETH", ETHER, BOB, 0));
        _neverFor(_replacement(MFA, _id(mfaPrivateKey), _script, 0));
        _neverFor(_readableReplacement("MFA key", BOB, BOB, 0));
        _neverFor(_readableExecution("1 call", _calls(_buy(1)), 0));
        _neverFor(_executionId(_calls(_buy(1)), 0));
        _neverFor(_execution(_calls(_buy(1)), 1));
    }

    function testFuzz_NoHashIsSignedButThatOfTheExecution(bytes32 hash) public {
        vm.assume(hash != _execution(_calls(_buy(1)), 0));
        _neverFor(hash);
    }

    function test_AnExecutionThatIsChangedIsNotSigned() public {
        Call[] memory calls = _calls(_buy(1));
        bytes32 digest = _execution(calls, 0);
        bytes memory plain = _rsv(_scriptPrivateKey, digest);
        _no(digest, abi.encode(_calls(_buy(2)), 0, plain));
        _no(digest, abi.encode(_calls(_buy(1), _buy(1)), 0, plain));
        _no(digest, abi.encode(new Call[](0), 0, plain));
        _no(digest, abi.encode(_calls(Call(BOB, 1, calls[0].data)), 0, plain));
        _no(
            digest,
            abi.encode(_calls(Call(address(_exchange), 1, abi.encodeCall(_exchange.buy, (1)))), 0, plain)
        );
        _no(digest, abi.encode(calls, 1, plain));
    }

    function test_OnAnotherChainOrForAnotherImplementationItIsNotSigned() public {
        Call[] memory calls = _calls(_buy(1));
        bytes32 digest = _execution(calls, 0);
        bytes memory signature = _byScript(calls, 0, digest);
        ScriptVerifier other = ScriptVerifier(
            _deploy("src/verifiers/ScriptVerifier.sol:ScriptVerifier", abi.encode(BOB))
        );
        vm.prank(address(account));
        _assertAnswer(other.verify(abi.encodePacked(vm.addr(_scriptPrivateKey)), digest, signature), NO);
        vm.chainId(1234);
        _no(digest, signature);
        // What is signed for the chain as it is called now counts.
        assertTrue(_vouches(calls));
    }

    // ---- whose signature

    function test_OnlyTheScriptsOwnSignatureCounts() public {
        Call[] memory calls = _calls(_buy(1));
        bytes32 digest = _execution(calls, 0);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(_scriptPrivateKey, digest);
        bytes32 otherS = bytes32(CURVE_ORDER - uint256(s));
        _no(digest, abi.encode(calls, 0, _rsv(strangerPrivateKey, digest)));
        _no(digest, abi.encode(calls, 0, bytes.concat(r, otherS, bytes1(v == 27 ? 28 : 27))));
        _no(digest, abi.encode(calls, 0, bytes.concat(r, s)));
        _no(digest, abi.encode(calls, 0, bytes.concat(r, s, bytes1(v), hex"00")));
        _no(digest, abi.encode(calls, 0, ""));
        _no(digest, abi.encode(calls, 0, new bytes(65)));
    }

    function test_AKeyIsAnAddress() public {
        bytes20 script = bytes20(vm.addr(_scriptPrivateKey));
        _noKey("");
        _noKey(abi.encodePacked(bytes19(script)));
        _noKey(bytes.concat(script, hex"00"));
        _noKey(bytes.concat(bytes12(0), script));
    }

    function test_NobodyIsNoKey() public {
        // Nobody is who is recovered from what is no signature.
        bytes memory nobody = abi.encodePacked(address(0));
        Call[] memory calls = _allowToBuy(nobody);
        bytes32 digest = _execution(calls, account.getNonce(0));
        bytes memory signature = abi.encode(calls, account.getNonce(0), new bytes(65));
        vm.prank(address(account));
        _assertAnswer(VERIFIER.verify(nobody, digest, signature), NO);
    }

    function test_WhatCannotBeReadIsNoSignature() public {
        Call[] memory calls = _calls(_buy(1));
        bytes32 digest = _execution(calls, 0);
        bytes memory whole = _byScript(calls, 0, digest);
        for (uint256 length = 0; length < whole.length - 31; length += 31) {
            _rejected(calls, _part(whole, length));
        }
        // An array said to be longer than anything.
        bytes memory endless = bytes.concat(whole);
        assembly ("memory-safe") {
            mstore(add(endless, 0x80), not(0))
        }
        _rejected(calls, endless);
    }

    function test_AKeyThatIsHiddenByASaltSignsNothing() public {
        bytes32 salt = keccak256("salt");
        bytes32 hidden = keccak256(bytes.concat(_signer, salt));
        _set(Change.RemoveKey, _words(_script));
        _set(Change.AddKey, _words(_word(DEVICE), hidden, 0));
        _allow(hidden, address(_exchange), DevnetExchange.buy.selector);
        Call[] memory calls = _calls(_buy(0));
        uint256 nonce = account.getNonce(0);
        bytes memory signature = _byScript(calls, nonce, _execution(calls, nonce));
        bytes memory spelledOut = _spelledOut(_signer, signature);
        bytes memory rest = _part(spelledOut, spelledOut.length);
        assembly ("memory-safe") {
            rest := add(rest, 1)
            mstore(rest, sub(mload(spelledOut), 1))
        }
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, hidden));
        account.execute(calls, nonce, bytes.concat(hex"06", salt, rest));
    }

    function test_ARevokedKeySignsNothing() public {
        _set(Change.RemoveKey, _words(_script));
        assertFalse(_vouches(_calls(_buy(0))));
        // Nor does its scope come back with it.
        _set(Change.AddKey, _words(_word(DEVICE), _script, 0));
        assertFalse(_vouches(_calls(_buy(0))));
    }

    function test_AsAnMfaKeyItSignsNothing() public {
        _set(Change.RemoveKey, _words(_script));
        _set(Change.AddKey, _words(_word(MFA), _script, 0));
        Call[] memory calls = _calls(_buy(0));
        _refuse(calls);
    }

    // ----

    /// @dev A key of the account that may buy.
    function _allowToBuy(bytes memory key) private returns (Call[] memory) {
        bytes32 id = keccak256(bytes.concat(bytes20(address(VERIFIER)), key, bytes32(0)));
        _set(Change.AddKey, _words(_word(DEVICE), id, 0));
        _allow(id, address(_exchange), DevnetExchange.buy.selector);
        return _calls(_buy(0));
    }

    /// @dev The script signs, but what the account knows is not its address.
    function _noKey(bytes memory key) private {
        Call[] memory calls = _allowToBuy(key);
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _execution(calls, nonce);
        bytes memory signature = _byScript(calls, nonce, digest);
        vm.prank(address(account));
        _assertAnswer(VERIFIER.verify(key, digest, signature), NO);
    }

    function _buy(uint256 value) private view returns (Call memory) {
        return Call(address(_exchange), value, abi.encodeCall(DevnetExchange.buy, (0)));
    }

    function _allow(bytes32 keyId, address target, bytes4 selector) private {
        _set(Change.SetScope, _words(keyId, _word(target), bytes32(selector), _word(true)));
    }

    /// @dev What a script signs an execution with.
    function _byScript(
        Call[] memory calls,
        uint256 nonce,
        bytes32 digest
    ) private view returns (bytes memory) {
        return abi.encode(calls, nonce, _rsv(_scriptPrivateKey, digest));
    }

    function _verify(bytes32 digest, bytes memory signature) private view returns (bytes4) {
        return VERIFIER.verify(abi.encodePacked(vm.addr(_scriptPrivateKey)), digest, signature);
    }

    function _vouches(Call[] memory calls) private returns (bool) {
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _execution(calls, nonce);
        bytes memory signature = _byScript(calls, nonce, digest);
        vm.prank(address(account));
        bytes4 answer = _verify(digest, signature);
        assertTrue(answer == NO || answer == VERIFIER.verify.selector);
        return answer != NO;
    }

    function _no(bytes32 digest, bytes memory signature) private {
        vm.prank(address(account));
        _assertAnswer(_verify(digest, signature), NO);
    }

    /// @dev Whichever execution the script shows for a hash that is none.
    function _neverFor(bytes32 hash) private {
        _no(hash, _byScript(_calls(_buy(1)), 0, hash));
        _no(hash, _byScript(new Call[](0), 0, hash));
    }

    function _execute(Call[] memory calls) private {
        uint256 nonce = account.getNonce(0);
        bytes32 digest = _execution(calls, nonce);
        account.execute(calls, nonce, _spelledOut(_signer, _byScript(calls, nonce, digest)));
    }

    function _withMfa(Call[] memory calls, uint256 nonce) private view returns (bytes memory) {
        bytes32 digest = _execution(calls, nonce);
        bytes memory byScript = _spelledOut(_signer, _byScript(calls, nonce, digest));
        return _inOrder(_script, byScript, _id(mfaPrivateKey), _compact(mfaPrivateKey, digest));
    }

    function _executeWithMfa(Call[] memory calls) private {
        uint256 nonce = account.getNonce(0);
        account.execute(calls, nonce, _withMfa(calls, nonce));
    }

    function _refuseWithMfa(Call[] memory calls) private {
        uint256 nonce = account.getNonce(0);
        bytes memory signatures = _withMfa(calls, nonce);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, _script));
        account.execute(calls, nonce, signatures);
    }

    function _refuse(Call[] memory calls) private {
        uint256 nonce = account.getNonce(0);
        _rejected(calls, _byScript(calls, nonce, _execution(calls, nonce)));
    }

    /// @dev The account refuses what the script signed, and says whose signature it is.
    function _rejected(Call[] memory calls, bytes memory signature) private {
        uint256 nonce = account.getNonce(0);
        vm.expectRevert(abi.encodeWithSelector(Signatures.SignatureRejected.selector, _script));
        account.execute(calls, nonce, _spelledOut(_signer, signature));
    }

    function _part(bytes memory whole, uint256 length) private pure returns (bytes memory part) {
        part = bytes.concat(whole);
        assembly ("memory-safe") {
            mstore(part, length)
        }
    }

    function _assertAnswer(bytes4 seen, bytes4 expected) private pure {
        assertEq(bytes32(seen), bytes32(expected));
    }
}
