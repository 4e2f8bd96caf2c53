import "../api/jitless.ts";
import "../design/base.css";
import { createApp } from "vue";
import ConfirmWindow from "./ConfirmWindow.vue";

createApp(ConfirmWindow).mount("#app");
