// The programs that run out of a folder: how a test knows the server apart from the editor around it.

import { readdirSync, readlinkSync } from "node:fs";

/** Ids of the processes whose program lies below `folder`. */
export function processesOf(folder: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && programOf(name)?.startsWith(`${folder}/`))
    .map(Number);
}

function programOf(process_: string): string | undefined {
  try {
    return readlinkSync(`/proc/${process_}/exe`);
  } catch {
    return undefined; // it has ended, or is the kernel's
  }
}
