import { getRuntime } from '../runtime.ts'
import { VERSION } from '../version.ts'
import { SKILLS_CAPABILITY } from './skills.ts'
import { type Revision, STATELESS_REVISION } from './transport/message.ts'

interface ServerInfo {
  name: string
  title: string
  version: string
  description: string
  icons: { src: string; mimeType: string; sizes: string[] }[]
}

/** The server as clients show it: every answer of 2026-07-28 carries it. */
export function serverInfo(): ServerInfo {
  return getRuntime().once('mcp.server-info', ({ config }) => ({
    name: config.server.name,
    title: 'Incipit',
    version: config.server.version ?? VERSION,
    description: 'A registry of prompts: find them, render them, keep their versions.',
    icons: [{ src: `${config.publicUrl}/icon.svg`, mimeType: 'image/svg+xml', sizes: ['any'] }],
  }))
}

/** The capabilities of this server. A stream of its own watches a single resource, as in the newest revision. */
export function capabilitiesOf(revision: Revision) {
  return {
    prompts: { listChanged: true },
    resources: { listChanged: true, ...(revision === STATELESS_REVISION ? { subscribe: true } : {}) },
    tools: { listChanged: true },
    completions: {},
    extensions: SKILLS_CAPABILITY,
  }
}

/** Told to the model by clients that pass it on; some read the first 512 characters. */
export const INSTRUCTIONS = [
  'A registry of prompts. Find one: search_prompts, a few words. Fill it in: render_prompt (or prompts/get)',
  'with its variables, then follow the text that comes back. You get the released version ("production")',
  'unless you name a label or a version. To change one: get_prompt, then update_prompt_template with',
  'base_version; this makes a version and releases nothing, a person does. generate runs a prompt against a',
  'model; get_generation reads what took longer.',
].join(' ')
