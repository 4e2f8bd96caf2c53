import "../api/jitless.ts";
import "./exit-kit.css";
import { createApp } from "vue";
import { readEmbedded } from "./embedded.ts";
import ExitKitPage from "./ExitKitPage.vue";
import { createKit, KIT } from "./use-kit.ts";

const { kit, problem } = readEmbedded(document.getElementById("exit-kit")?.textContent ?? "null");
createApp(ExitKitPage, { problem }).provide(KIT, createKit(kit)).mount("#app");
