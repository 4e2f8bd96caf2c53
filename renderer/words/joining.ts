import { durationText } from "#core/primitives/duration-text.ts";
import type { JoiningView } from "#core/wallet-api/joining.ts";
import type { Words } from "./operations.ts";

type Recovery = NonNullable<JoiningView["recovery"]>;

/** How it stands with this computer's key, as a heading and what it means. */
export function standingWords({ standing, recovery }: JoiningView): Words {
  switch (standing?.state) {
    case "pending":
      return {
        title: "Your recovery is under way",
        detail: standing.vetoProof
          ? "This computer's key is on the account and becomes active by itself. No other computer can reject it."
          : `This computer's key is on the account and becomes active by itself, unless a computer that is in rejects it.${othersText(recovery)}`,
      };
    case "asleep":
      return {
        title: "Your recovery sleeps",
        detail:
          "The account was frozen while it waited, and time alone does not wake it any more. A computer that is in can activate it, or you begin the recovery again once the account is open.",
      };
    case "absent":
      return standing.rejected
        ? {
            title: "This computer was rejected",
            detail:
              "Its key was on the account and is not any more: somebody with another computer's key rejected it. If that was not you, somebody else has a computer of yours: ask for the recovery again, and lock the account with any key that you still have.",
          }
        : {
            title: "This computer is not in yet",
            detail:
              "It has a device key of its own now, which your account does not know. Nothing of your account can be moved from here.",
          };
    case "active":
      return { title: "This computer is in", detail: "Your account opens." };
    case undefined:
      return { title: "Looking for your account", detail: "Its keys are read from the chain." };
  }
}

function othersText(recovery: Recovery | undefined): string {
  if (!recovery) return "";
  const { otherDevices } = recovery;
  if (otherDevices === 0) return " The account has no other active device key, so nobody can.";
  return otherDevices === 1
    ? " One other computer can do that: it is warned."
    : ` ${otherDevices} other computers can do that: they are warned.`;
}

/** What the key network has to say about a recovery with its key. */
export const NETWORK_WORDS: Record<Recovery["network"], Words> = {
  ready: {
    title: "The key network holds your recovery key",
    detail: "It signs once you proved who you are, with what is registered for this key.",
  },
  "not-yours": {
    title: "The key network holds a recovery key that your sign-in does not open",
    detail:
      "Either you signed in with another email address than the account's, or a Ledger is among what you have to prove: connect it below.",
  },
  unreadable: {
    title: "The key network holds your recovery key, and cannot be asked for it from here",
    detail:
      "Its record was set in a way that does not show its public key. Open the account on a computer that is in, or use another recovery key.",
  },
  none: {
    title: "The key network holds no recovery key of this account",
    detail: "Somebody else does: a Ledger, or friends.",
  },
};

/** Who has to sign a recovery, in one sentence. */
export function whoRecovers({ keys, needed }: Recovery): string {
  if (keys <= 1) return "One recovery key has to sign.";
  return needed === 1
    ? `Any one of ${keys} recovery keys has to sign.`
    : `${needed} of ${keys} recovery keys have to sign.`;
}

/** What happens once a recovery was begun. */
export const recoveryDelayText = ({ delay }: Recovery): string =>
  `Once it is signed, ${durationText(delay)} pass. In that time any computer that is in can reject it. After that this computer is in, without anything more to sign.`;

/** That the account stands still, and what comes of that for a recovery. */
export function frozenWords({ frozen, unfreezing, delay }: Recovery): Words {
  if (unfreezing?.stage === "due") {
    return {
      title: `The account is ${frozen}, and can be opened now`,
      detail:
        "The recovery key asked for it, and the delay is over. Nobody signs anything for that any more. Then you start the recovery of this computer. If you do nothing, the account stays as it is; anybody can still open it until 30 days after its time.",
    };
  }
  if (unfreezing) {
    return {
      title: `The account is ${frozen}, and is being opened`,
      detail:
        "The recovery key asked for it, and the delay runs. Until it is opened a computer that is in can cancel it. You can close Trivet and come back: opening it takes one more press here, and then the recovery of this computer begins.",
    };
  }
  const lapses = frozen === "locked" ? " The lock also lapses by itself, 7 days after it began." : "";
  return {
    title: `The account is ${frozen}`,
    detail: `Nothing can be added to it until it is open again. The recovery key alone can open it, ${durationText(delay)} after it asked; only then the recovery of this computer can begin, which takes ${durationText(delay)} more.${lapses}`,
  };
}
