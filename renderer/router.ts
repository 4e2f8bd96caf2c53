import { createMemoryHistory, createRouter, type RouteLocation, type Router } from "vue-router";
import type { WalletState } from "#core/wallet-api/state.ts";
import AccountSettingsPage from "./features/account-settings/AccountSettingsPage.vue";
import ActivityItemPage from "./features/activity/ActivityItemPage.vue";
import ActivityPage from "./features/activity/ActivityPage.vue";
import ApiKeysPage from "./features/api-keys/ApiKeysPage.vue";
import ContactsPage from "./features/contacts/ContactsPage.vue";
import DevicesPage from "./features/devices/DevicesPage.vue";
import JoiningPage from "./features/joining/JoiningPage.vue";
import JoinPage from "./features/joining/JoinPage.vue";
import RecoverLedgerPage from "./features/joining/RecoverLedgerPage.vue";
import RecoverPage from "./features/joining/RecoverPage.vue";
import CreatingPage from "./features/creating/CreatingPage.vue";
import EmergencyPage from "./features/emergency/EmergencyPage.vue";
import FactorChangePage from "./features/factors/FactorChangePage.vue";
import FactorsPage from "./features/factors/FactorsPage.vue";
import ReviewFactorPage from "./features/factors/ReviewFactorPage.vue";
import FreezePage from "./features/freeze/FreezePage.vue";
import FriendsPage from "./features/friends/FriendsPage.vue";
import GatePage from "./features/gates/GatePage.vue";
import HomePage from "./features/home/HomePage.vue";
import KeysPage from "./features/keys/KeysPage.vue";
import LostLedgerPage from "./features/keys/LostLedgerPage.vue";
import RestoredLedgerPage from "./features/keys/RestoredLedgerPage.vue";
import ReturnToNetworkPage from "./features/keys/ReturnToNetworkPage.vue";
import UseLedgerPage from "./features/keys/UseLedgerPage.vue";
import LostPasskeyPage from "./features/keys/LostPasskeyPage.vue";
import UsePasskeyPage from "./features/keys/UsePasskeyPage.vue";
import UseSafePage from "./features/keys/UseSafePage.vue";
import OperationPage from "./features/operation/OperationPage.vue";
import ReadyPage from "./features/ready/ReadyPage.vue";
import ReceivePage from "./features/receive/ReceivePage.vue";
import SecurityPage from "./features/security/SecurityPage.vue";
import SettingsPage from "./features/settings/SettingsPage.vue";
import UnlockPage from "./features/unlock/UnlockPage.vue";
import WarningsPage from "./features/watch/WarningsPage.vue";
import WelcomePage from "./features/welcome/WelcomePage.vue";
import WithdrawPage from "./features/withdraw/WithdrawPage.vue";

type Phase = WalletState["phase"];

declare module "vue-router" {
  interface RouteMeta {
    /** The phase of the wallet in which the screen can be seen; some can in two. */
    readonly phase: Phase | readonly Phase[];
    /** The screen's name in the window's title. */
    readonly title: string;
    /** Shown without the navigation: not before a person has an account to navigate. */
    readonly entry?: boolean;
    /** The screen of the navigation it belongs to, where it is not one itself. */
    readonly section?: "home" | "activity" | "keys" | "security" | "settings";
  }
}

/** The props of screens that replace the key of a role, maybe because its Ledger is lost. */
const roleAndLoss = ({ params, query }: RouteLocation) => ({ role: params.role, lost: query.lost === "yes" });

/** The screen each phase begins with. */
const START: Record<Phase, string> = {
  welcome: "welcome",
  creating: "creating",
  locked: "unlock",
  joining: "joining",
  unlocked: "home",
};

/**
 * The app's screens. The history is kept in memory only: no address of the window leads anywhere, and every start
 * begins where the wallet stands.
 * @param phase where the wallet stands now; no other phase's screens can be reached
 */
export function createAppRouter(phase: () => Phase | undefined): Router {
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: "/", name: "start", redirect: () => ({ name: START[phase() ?? "welcome"] }) },
      {
        path: "/welcome",
        name: "welcome",
        component: WelcomePage,
        meta: { phase: "welcome", title: "Welcome", entry: true },
      },
      {
        path: "/join",
        name: "join",
        component: JoinPage,
        meta: { phase: "welcome", title: "Join your account", entry: true },
      },
      {
        path: "/joining",
        name: "joining",
        component: JoiningPage,
        meta: { phase: "joining", title: "Join your account", entry: true },
      },
      {
        path: "/joining/recover",
        name: "recover",
        component: RecoverPage,
        props: ({ query }) => ({ what: query.what === "unfreeze" ? "unfreeze" : "recover" }),
        meta: { phase: "joining", title: "Recover", entry: true },
      },
      {
        path: "/joining/ledger",
        name: "recover-ledger",
        component: RecoverLedgerPage,
        meta: { phase: "joining", title: "Connect your Ledger", entry: true },
      },
      {
        path: "/creating",
        name: "creating",
        component: CreatingPage,
        meta: { phase: "creating", title: "Create your account", entry: true },
      },
      {
        path: "/ready",
        name: "ready",
        component: ReadyPage,
        meta: { phase: "unlocked", title: "Your account is ready", entry: true },
      },
      {
        path: "/unlock",
        name: "unlock",
        component: UnlockPage,
        meta: { phase: "locked", title: "Unlock", entry: true },
      },
      { path: "/home", name: "home", component: HomePage, meta: { phase: "unlocked", title: "Home" } },
      {
        path: "/withdraw",
        name: "withdraw",
        component: WithdrawPage,
        meta: { phase: "unlocked", title: "Withdraw" },
      },
      {
        path: "/receive",
        name: "receive",
        component: ReceivePage,
        meta: { phase: "unlocked", title: "Receive" },
      },
      {
        path: "/activity",
        name: "activity",
        component: ActivityPage,
        meta: { phase: "unlocked", title: "Activity" },
      },
      {
        path: "/activity/:id",
        name: "activity-item",
        component: ActivityItemPage,
        props: true,
        meta: { phase: "unlocked", title: "What happened", section: "activity" },
      },
      {
        path: "/contacts",
        name: "contacts",
        component: ContactsPage,
        meta: { phase: "unlocked", title: "Contacts" },
      },
      { path: "/keys", name: "keys", component: KeysPage, meta: { phase: "unlocked", title: "Keys" } },
      {
        path: "/keys/:role(mfa|recovery)/ledger",
        name: "use-ledger",
        component: UseLedgerPage,
        props: roleAndLoss,
        meta: { phase: "unlocked", title: "Use a Ledger", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/passkey",
        name: "use-passkey",
        component: UsePasskeyPage,
        props: roleAndLoss,
        meta: { phase: "unlocked", title: "Use a passkey", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/lost-passkey",
        name: "lost-passkey",
        component: LostPasskeyPage,
        props: true,
        meta: { phase: "unlocked", title: "A passkey is lost", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/safe",
        name: "use-safe",
        component: UseSafePage,
        props: roleAndLoss,
        meta: { phase: "unlocked", title: "Use a Safe", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/network",
        name: "return-to-network",
        component: ReturnToNetworkPage,
        props: roleAndLoss,
        meta: { phase: "unlocked", title: "Back to the key network", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/lost",
        name: "lost-ledger",
        component: LostLedgerPage,
        props: true,
        meta: { phase: "unlocked", title: "A Ledger is lost", section: "keys" },
      },
      {
        path: "/keys/:role(mfa|recovery)/restored",
        name: "restored-ledger",
        component: RestoredLedgerPage,
        props: true,
        meta: { phase: "unlocked", title: "Check a Ledger", section: "keys" },
      },
      {
        path: "/keys/computers",
        name: "devices",
        component: DevicesPage,
        meta: { phase: "unlocked", title: "Computers", section: "keys" },
      },
      {
        path: "/keys/friends",
        name: "friends",
        component: FriendsPage,
        meta: { phase: "unlocked", title: "Friends", section: "keys" },
      },
      {
        path: "/keys/emergency",
        name: "emergency",
        component: EmergencyPage,
        meta: { phase: "unlocked", title: "Emergency addresses", section: "keys" },
      },
      {
        path: "/security",
        name: "security",
        component: SecurityPage,
        meta: { phase: "unlocked", title: "Security" },
      },
      {
        path: "/operations/:id",
        name: "operation",
        component: OperationPage,
        props: true,
        meta: { phase: ["unlocked", "joining"], title: "Operation", section: "home" },
      },
      {
        path: "/security/factors",
        name: "factors",
        component: FactorsPage,
        meta: { phase: "unlocked", title: "How you prove who you are", section: "security" },
      },
      {
        path: "/security/factors/review/:kind/:type",
        name: "review-factor",
        component: ReviewFactorPage,
        props: true,
        meta: { phase: "unlocked", title: "Change of factors", section: "security" },
      },
      {
        path: "/security/factors/changes/:id",
        name: "factor-change",
        component: FactorChangePage,
        props: true,
        meta: { phase: "unlocked", title: "Change of factors", section: "security" },
      },
      {
        path: "/security/gate",
        name: "gate",
        component: GatePage,
        meta: { phase: "unlocked", title: "Gate", section: "security" },
      },
      {
        path: "/freeze",
        name: "freeze",
        component: FreezePage,
        meta: { phase: "unlocked", title: "Freeze" },
      },
      {
        path: "/warnings/:telling?",
        name: "warnings",
        component: WarningsPage,
        props: true,
        meta: { phase: "unlocked", title: "Warnings", section: "home" },
      },
      {
        path: "/settings/account",
        name: "account-settings",
        component: AccountSettingsPage,
        meta: { phase: "unlocked", title: "Account settings", section: "settings" },
      },
      {
        path: "/settings/api-keys",
        name: "api-keys",
        component: ApiKeysPage,
        meta: { phase: "unlocked", title: "Keys for scripts", section: "settings" },
      },
      {
        path: "/settings",
        name: "settings",
        component: SettingsPage,
        meta: { phase: "unlocked", title: "Settings" },
      },
    ],
  });
  router.beforeEach((to) => {
    const now = phase();
    return now === undefined || [to.meta.phase].flat().includes(now) ? true : { name: START[now] };
  });
  router.afterEach((to) => {
    document.title = `${to.meta.title} · Trivet`;
  });
  return router;
}
