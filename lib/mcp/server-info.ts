import { getRuntime } from '../runtime.ts'
import { VERSION } from '../version.ts'

/** Name and version that clients are told. */
export function serverInfo(): { name: string; title: string; version: string } {
  const { name, version } = getRuntime().config.server
  return { name, title: 'Incipit', version: version ?? VERSION }
}

/** What this server can do, the same for every revision. */
export const CAPABILITIES = {
  prompts: { listChanged: true },
  resources: { listChanged: true },
  tools: { listChanged: true },
  completions: {},
} as const

/** Told to the model by clients that pass it on. */
export const INSTRUCTIONS = [
  'A registry of prompts. Find one with search_prompts or prompts/list, then render it with its variables',
  '(prompts/get or render_prompt) and follow the rendered text. Renders use the version that carries the',
  'label "production" unless you name a label or a version. To change a prompt read it with get_prompt and',
  'send update_prompt_template with base_version: this makes a new version and leaves "production" where it',
  'is; a person releases it. generate runs a prompt against a model and returns what the model wrote; a long',
  'one answers with an id for get_generation.',
].join(' ')
