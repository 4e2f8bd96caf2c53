import "../api/jitless.ts";
import "./friend-page.css";
import { createApp } from "vue";
import FriendPage from "./FriendPage.vue";

createApp(FriendPage).mount("#app");
