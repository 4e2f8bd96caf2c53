export declare function reasonFor(output: string): string;
