// Types of chromium.mjs for the stand-in host, which is TypeScript.
export declare function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
