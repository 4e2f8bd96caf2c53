import "./api/jitless.ts";
import "./design/base.css";
import { createPinia } from "pinia";
import { createApp, watch } from "vue";
import App from "./App.vue";
import { WALLET_CLIENT } from "./api/use-wallet.ts";
import { createWalletClient, walletBridge } from "./api/wallet.ts";
import { applyTheme } from "./design/theme.ts";
import OutsidePage from "./features/outside/OutsidePage.vue";
import { createAppRouter } from "./router.ts";
import { useWalletStore } from "./stores/wallet.ts";

const bridge = walletBridge();
if (bridge) {
  const app = createApp(App);
  const client = createWalletClient(bridge, (error) => useWalletStore().report(error));
  app.provide(WALLET_CLIENT, client).use(createPinia());
  const wallet = useWalletStore();
  watch(
    () => wallet.settings.theme,
    (theme) => applyTheme(theme),
  );
  const router = createAppRouter(() => wallet.state?.phase);
  watch(
    () => wallet.state?.phase,
    (phase, before) =>
      // A person who watched the keys being made sees what came of it before anything else.
      router.replace({ name: phase === "unlocked" && before === "creating" ? "ready" : "start" }),
  );
  app.use(router).mount("#app");
} else {
  createApp(OutsidePage).mount("#app");
}
