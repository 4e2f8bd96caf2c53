// SPDX-License-Identifier: MIT
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ITrivetAccount} from "../../src/ITrivetAccount.sol";

/// @notice A token whose transfer returns nothing, as some old ones.
contract SilentToken {
    mapping(address holder => uint256) public balanceOf;

    error Insufficient();

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external {
        if (balanceOf[msg.sender] < amount) revert Insufficient();
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
    }
}

/// @notice A token that never moves and says so by returning false.
contract RefusingToken {
    uint256 public balanceOfEverybody;

    constructor(uint256 balance) {
        balanceOfEverybody = balance;
    }

    function balanceOf(address) external view returns (uint256) {
        return balanceOfEverybody;
    }

    function transfer(address, uint256) external pure returns (bool) {
        return false;
    }
}

/// @notice A token that keeps a tenth of every transfer.
contract FeeToken is ERC20("Fee", "FEE") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        uint256 fee = from == address(0) ? 0 : amount / 10;
        if (fee != 0) super._update(from, address(0xFEE), fee);
        super._update(from, to, amount - fee);
    }
}

/// @notice A token that, while it is transferred, sends the account a call of its maker's choice.
contract ReentrantToken is ERC20("Reentrant", "REE") {
    address private _target;
    bytes private _call;

    /// @notice Whether the call within the last transfer went through.
    bool public succeeded;
    /// @notice What the call within the last transfer returned.
    bytes public answer;

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function arm(address target, bytes calldata call) external {
        _target = target;
        _call = call;
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        // solhint-disable-next-line avoid-low-level-calls
        if (from == _target && from != address(0)) (succeeded, answer) = _target.call(_call);
    }
}

/// @notice A contract that, while it is paid, sends the account the same withdrawal again.
contract ReentrantRecipient {
    bytes private _call;

    /// @notice Whether the second withdrawal went through.
    bool public succeeded;
    /// @notice What the second withdrawal returned.
    bytes public answer;

    function arm(bytes calldata call) external {
        _call = call;
    }

    receive() external payable {
        // solhint-disable-next-line avoid-low-level-calls
        (succeeded, answer) = msg.sender.call(_call);
    }
}

/// @notice A contract that takes no ether.
contract RefusingRecipient {
    error NoThanks();

    receive() external payable {
        revert NoThanks();
    }
}

/// @notice A contract that answers its payment with more data than anyone can pay to copy.
contract BombRecipient {
    receive() external payable {
        assembly {
            return(0, 1000000)
        }
    }
}

/// @notice A token whose answers to symbol() and decimals() are any bytes.
contract LiteralToken is ERC20("Literal", "LIT") {
    bytes private _symbol;
    bytes private _decimals;

    constructor(bytes memory symbol_, bytes memory decimals_) {
        _symbol = symbol_;
        _decimals = decimals_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public view override returns (string memory) {
        _answer(_symbol);
    }

    function decimals() public view override returns (uint8) {
        _answer(_decimals);
    }

    function _answer(bytes memory answer) private pure {
        assembly {
            return(add(answer, 0x20), mload(answer))
        }
    }
}

/// @notice A token that reverts when asked for its symbol.
contract RevertingSymbolToken is ERC20("Reverting", "REV") {
    error NoSymbol();

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public pure override returns (string memory) {
        revert NoSymbol();
    }
}

/// @notice A token that burns all the gas it gets when asked for its symbol.
contract BurningSymbolToken is ERC20("Burning", "BUR") {
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function symbol() public pure override returns (string memory) {
        while (true) {}
        return "";
    }
}

/// @notice A token that tries to remember being asked for its symbol, which a static call does not allow.
contract WritingSymbolToken {
    mapping(address holder => uint256) public balanceOf;
    uint256 public asked;

    function mint(address to, uint256 amount) external {
        balanceOf[to] += amount;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        balanceOf[msg.sender] -= amount;
        balanceOf[to] += amount;
        return true;
    }

    function symbol() external returns (string memory) {
        ++asked;
        return "WRI";
    }

    function decimals() external pure returns (uint8) {
        return 0;
    }
}
