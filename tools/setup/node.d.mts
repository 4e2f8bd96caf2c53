export declare function isEnough(version: string): boolean;
export declare function ensureNode(): Promise<{ node: string; env: NodeJS.ProcessEnv }>;
