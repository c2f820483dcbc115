import {
  createLoader,
  createParser,
  createSerializer,
  type inferParserType,
  parseAsStringLiteral,
} from 'nuqs/server'
import { STATUSES } from './status.ts'

/** The filters of the list of generations as they stand in the URL; what cannot be right reads as absent. */

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

export const filterParsers = {
  status: parseAsStringLiteral(STATUSES),
  prompt: textLike(NAME),
  configuration: textLike(NAME),
  batch: textLike(ID),
}
export type GenerationFilters = inferParserType<typeof filterParsers>
export type ChangeFilters = (change: Partial<GenerationFilters>) => void

export const readFilters = createLoader(filterParsers)
const serialize = createSerializer(filterParsers)

export const NO_FILTERS: GenerationFilters = { status: null, prompt: null, configuration: null, batch: null }

/** The address of the list under these filters. @param page the prompt whose own page it is */
export function generationsHref(filters: Partial<GenerationFilters>, page?: string): string {
  return serialize(page === undefined ? '/generations' : `/prompts/${page}/generations`, filters)
}

export function isGenerationId(text: string): boolean {
  return ID.test(text)
}

/** Whether anything but the page's own prompt narrows the list. */
export function isNarrowed(filters: GenerationFilters): boolean {
  return Object.values(filters).some((value) => value !== null)
}

/** The filters as the list's query wants them: what is not set is absent. */
export function toListQuery({ status, prompt, configuration, batch }: GenerationFilters, page?: string) {
  const wanted = page ?? prompt
  return {
    ...(status === null ? {} : { status }),
    ...(wanted === null ? {} : { prompt: wanted }),
    ...(configuration === null ? {} : { configuration }),
    ...(batch === null ? {} : { batch }),
  }
}

function textLike(pattern: RegExp) {
  return createParser({
    parse: (text: string) => (pattern.test(text) ? text : null),
    serialize: (text: string) => text,
  })
}
