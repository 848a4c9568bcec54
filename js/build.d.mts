import type { BuildOptions } from "esbuild";

export const outdir: string;
export const labdir: string;
export const options: BuildOptions;
export function kinds(): string[];
export function entry(kind: string): string;
export function bundle(entryPoints: string[] | string): Promise<Record<string, string>>;
export function words(): Record<string, string>;
export function stub(): Promise<string>;
export function all(): Promise<Record<string, string>>;
export function labextension(): Promise<string>;
