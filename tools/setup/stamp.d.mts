export declare function hashOf(inputs: string[], extra?: string, root?: string): string;
export declare function isStamped(file: string, hash: string): boolean;
export declare function stamp(file: string, hash: string): void;
