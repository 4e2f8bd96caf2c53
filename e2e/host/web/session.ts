import { loud } from "../loud.ts";
import { setPermissionCheckHandler, setPermissionRequestHandler } from "./permissions.ts";
import { protocol } from "./schemes.ts";
import { webRequest } from "./web-request.ts";

/** Electron's `session`; all windows share the one there is. */
export const session = loud("session", {
  defaultSession: loud("session.defaultSession", {
    protocol,
    webRequest,
    setPermissionRequestHandler,
    setPermissionCheckHandler,
  }),
});
