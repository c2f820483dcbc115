import { answerFault } from './fuzz-rest.ts'
import type { Request } from './request.ts'
import { inParallel, send } from './send.ts'
import { BROKEN_TEXTS, EDGE_TEXTS, ODD_TEXTS, percentEncoded } from './texts.ts'

/** Every kind of page; braces stand for a part of the path that may be anything. */
const PAGES = [
  '/prompts',
  '/prompts/new',
  '/prompts/{}',
  '/prompts/{}/versions',
  '/prompts/{}/usage',
  '/prompts/{}/generations',
  '/prompts/zero_shot',
  '/prompts/zero_shot/versions',
  '/prompts/zero_shot/usage',
  '/prompts/zero_shot/generations',
  '/generations',
  '/generations/{}',
  '/playground',
  '/categories',
  '/usage',
  '/settings/ai',
  '/settings/members',
  '/settings/keys',
  '/settings/labels',
  '/settings/audit',
  '/settings/system',
  '/settings/appearance',
  '/connect',
  '/import',
  '/import/{}',
  '/nowhere/{}',
]

/** What pages read from their address. */
const PARAMETERS = [
  'q',
  'category',
  'tag',
  'label',
  'archived',
  'sort',
  'from',
  'to',
  'range',
  'prompt',
  'version',
  'surface',
  'client',
  'by',
  'rank',
  'status',
  'configuration',
  'configurations',
  'batch',
  'example',
  'variables',
  'anything',
]

/** What looks right and is not there; asked for each time. */
const NAMED = [
  '/generations?configuration=nobody',
  '/prompts/zero_shot/generations?configuration=nobody',
  '/prompts/zero_shot/usage?version=9007199254740993',
  '/usage?prompt=zero_shot&version=2147483648',
  '/usage?prompt=nobody',
  '/prompts/zero_shot?version=99999999999',
  '/prompts/zero_shot/versions?from=2147483648&to=-1',
]

const TEXTS = [...Object.values(ODD_TEXTS), ...Object.values(BROKEN_TEXTS), ...EDGE_TEXTS].filter(
  // Node refuses longer addresses by itself.
  (text) => text.length < 2000,
)

/**
 * Asks for every page with every parameter, and with odd texts in its path.
 * @param count so many of the requests, spread over all; without it every page with every parameter
 */
export async function fuzzPages(app: { url: string }, width: number, count = Number.POSITIVE_INFINITY) {
  const all = PAGES.flatMap((page, at) =>
    PARAMETERS.map((name, n): Request => {
      const text = percentEncoded(TEXTS[(at * PARAMETERS.length + n) % TEXTS.length] ?? '')
      const path = page.includes('{}') ? page.replace('{}', text) : `${page}?${name}=${text}`
      return { method: 'GET', path, headers: { accept: 'text/html' }, body: undefined }
    }),
  )
  const step = Math.max(1, all.length / count)
  const asked = Array.from({ length: Math.min(count, all.length) }, (_, n) => all[Math.floor(n * step)])
  for (const path of NAMED)
    asked.push({ method: 'GET', path, headers: { accept: 'text/html' }, body: undefined })
  const faults: string[] = []
  await inParallel(asked, width, async (request) => {
    if (request === undefined) return
    const answer = await send(app, request)
    const wrong = answerFault(answer)
    if (wrong !== undefined) faults.push(`${wrong}: ${request.path}`)
  })
  return faults
}
