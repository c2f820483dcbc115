import { type Document, readDescription } from '../protocol/described.ts'
import { answerFault } from './fuzz-rest.ts'
import { createInventory } from './known.ts'
import type { OpenApi } from './plan.ts'
import { requestOf, shownRequest } from './request.ts'
import { inParallel, send } from './send.ts'
import { textPlans } from './text-plans.ts'

interface TextFuzzing {
  /** Texts for each place; without it all of them. */
  perPlace?: number
  width: number
  fixed: Record<string, unknown[]>
}

/**
 * Sends odd and broken texts to every place for a text that the app's OpenAPI document describes.
 * @returns how many places there are, and each answer that should not have come
 */
export async function fuzzTexts(
  app: { url: string },
  { perPlace, width, fixed }: TextFuzzing,
): Promise<{ places: number; faults: string[] }> {
  const { document } = await readDescription(app)
  const placed = textPlans(document as Document & OpenApi, perPlace)
  const inventory = createInventory(app, fixed)
  await inventory.refresh()
  const faults: string[] = []
  await inParallel(placed, width, async ({ where, kind, isBroken, plan }) => {
    const request = requestOf(plan, (known, path) => inventory.lookup(known, path))
    const answer = await send(app, request)
    if (answer.status < 300) inventory.learn(request.path, answer.headers.etag, answer.json)
    // A redirect takes nothing: the address that it leads to is a place of its own.
    const isTaken = isBroken && answer.status < 300 && !isHeader(where)
    const wrong = isTaken ? 'a broken text was taken' : answerFault(answer)
    if (wrong !== undefined)
      faults.push(`${where}, ${kind}: ${wrong}\n  ${shownRequest(request)}\n  ${answer.text.slice(0, 400)}`)
  })
  return { places: new Set(placed.map(({ where }) => where)).size, faults }
}

/** A client of HTTP sends Latin 1 alone in headers: what is broken in a text is not sent at all. */
function isHeader(where: string): boolean {
  return where.includes(' header ')
}
