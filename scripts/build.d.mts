/** Where a build goes, what it is made of, and the files that are started by name. */
export interface Build {
  out: string;
  sources: string[];
  entries: Record<string, string>;
}

export const SHIPPED: Build;
export function isStale(build?: Pick<Build, 'out' | 'sources'>): boolean;
export function build(build?: Pick<Build, 'out' | 'entries'>): Promise<void>;
export function withoutInnerNames(text: string): string;
