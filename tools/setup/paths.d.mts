// Types of paths.mjs for the tasks, which are TypeScript; set-up itself must run on Node 20 as it is.
export declare const ROOT: string;
export declare const CACHE: string;
export declare const LOGS: string;
export declare function commandScript(packageName: string, command?: string): string;
