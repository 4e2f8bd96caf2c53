import { defineStore } from "pinia";
import { ref } from "vue";

const SHOWN_FOR = 4000;

/** Short messages that come and go by themselves; nothing that must not be missed belongs here. */
export const useToastStore = defineStore("toasts", () => {
  const toasts = ref<{ id: number; text: string; failed: boolean }[]>([]);
  let lastId = 0;

  function show(text: string, failed = false): void {
    lastId += 1;
    const id = lastId;
    toasts.value = [...toasts.value.filter((toast) => toast.text !== text), { id, text, failed }];
    setTimeout(() => {
      toasts.value = toasts.value.filter((toast) => toast.id !== id);
    }, SHOWN_FOR);
  }

  return { toasts, show };
});
