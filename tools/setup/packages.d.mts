export interface LockEntry {
  version?: string;
  integrity?: string;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}
export declare function holdsEverything(
  locked: Record<string, LockEntry>,
  installed: Record<string, LockEntry>,
  platform: { os: string; cpu: string; libc: string | undefined },
): boolean;
export declare function ensurePackages(runtime: { node: string; env: NodeJS.ProcessEnv }): Promise<void>;
