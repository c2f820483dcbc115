import { allowedName } from '../../../liquid/analyse.ts'
import { slugOf } from '../../plan/slug.ts'

/** `@@@langfusePrompt:name=tone|label=production@@@` */
const REFERENCE = /@@@langfusePrompt:name=([^|@]+)(?:\|(?:label|version)=[^@|]*)?@@@/g
const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu
/** How deep prompts put in others. */
const MOST_LEVELS = 10

/** Prompts that put in each other. Here a prompt that is put in sees what is passed to it: all that its text uses. */
export class Composition {
  readonly #texts: ReadonlyMap<string, string>

  /** @param prompts their names, and their texts or messages */
  constructor(prompts: readonly (readonly [string, unknown])[]) {
    this.#texts = new Map(
      prompts.map(([name, prompt]) => [
        name,
        typeof prompt === 'string' ? prompt : JSON.stringify(prompt ?? ''),
      ]),
    )
  }

  /** Puts the tag of an include where a text in Liquid has a reference. */
  readonly render = (text: string): string =>
    text.replaceAll(REFERENCE, (_, name: string) => {
      const passed = [...this.#variables(name, MOST_LEVELS)].map((variable) => `, ${variable}: ${variable}`)
      return `{% render "${slugOf(name)}"${passed.join('')} %}`
    })

  #variables(name: string, levels: number): Set<string> {
    const text = this.#texts.get(name) ?? ''
    const names = new Set([...text.matchAll(VARIABLE)].flatMap(([, found = '']) => allowedName(found) ?? []))
    if (levels === 0) return names
    for (const [, inner = ''] of text.matchAll(REFERENCE))
      for (const each of this.#variables(inner, levels - 1)) names.add(each)
    return names
  }
}
