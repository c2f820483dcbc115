import { lstatSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'

const SHOWN = 15

/**
 * The largest parts of an assembled folder, and the sum.
 * @param {string} folder
 * @returns {string} lines
 */
export function printSizes(folder) {
  const parts = new Map()
  let sum = 0
  for (const { path, bytes } of filesOf(folder)) {
    const part = partOf(relative(folder, path))
    parts.set(part, (parts.get(part) ?? 0) + bytes)
    sum += bytes
  }
  const largest = [...parts].toSorted(([, a], [, b]) => b - a).slice(0, SHOWN)
  return [...largest, ['everything', sum]].map(([part, bytes]) => `${megabytes(bytes)}  ${part}`).join('\n')
}

/**
 * @param {string} folder
 * @returns {Generator<{path: string, bytes: number}>} links counted as nothing
 */
function* filesOf(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) yield { path, bytes: lstatSync(path).size }
  }
}

/** A package, a folder of ours, or a program. */
function partOf(path) {
  return /^opt\/incipit\/((?:node_modules\/(?:@[^/]+\/)?)?[^/]+)/.exec(path)?.[1] ?? path
}

function megabytes(bytes) {
  return `${(bytes / 1e6).toFixed(1).padStart(6)} MB`
}
