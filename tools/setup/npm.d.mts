export declare function withoutOuterNpm(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export declare function runNpm(
  what: string,
  args: string[],
  options: { node: string; env: NodeJS.ProcessEnv; cwd?: string },
): Promise<void>;
