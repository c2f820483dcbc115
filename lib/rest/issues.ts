import type { z } from 'zod'
import { plainMessage } from '../door/plain-words.ts'
import type { Place, PlacedDetail } from '../door/problem.ts'
import { appError } from '../errors.ts'

type Issue = z.core.$ZodIssue

/** How many faults of one request are named. */
const MOST_DETAILS = 50

/**
 * The issues of a schema: one detail for each field.
 * @param most how many faults are told; a few more than are named, unless somebody needs all of them
 */
export function issueDetails(issues: Issue[], place: Place, most = MOST_DETAILS + 1): PlacedDetail[] {
  return issues.slice(0, most).flatMap((issue) => detailsOf(issue, place, []))
}

/** The error for an input that its schemas refused. */
export function schemaFault(found: PlacedDetail[]): Error {
  const details = found.slice(0, MOST_DETAILS)
  const [first] = details
  const where = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `
  const more =
    found.length > MOST_DETAILS
      ? ' (and many more)'
      : details.length > 1
        ? ` (and ${details.length - 1} more)`
        : ''
  return appError('invalid_input', `${where}${first?.message ?? 'The input cannot be used'}${more}`, {
    details,
  })
}

function detailsOf(issue: Issue, place: Place, above: PropertyKey[]): PlacedDetail[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys')
    return issue.keys
      .slice(0, MOST_DETAILS + 1)
      .map((key) => detail(place, [...path, key], issue.code, ownWords(issue, key) ?? unknownKey(place)))
  if (issue.code === 'invalid_union') {
    const branch = nearestBranch(issue.errors)
    if (branch !== undefined) return branch.flatMap((each) => detailsOf(each, place, path))
  }
  if (issue.code === 'invalid_key' || issue.code === 'invalid_element')
    return issue.issues.flatMap((each) => detailsOf(each, place, path))
  return [detail(place, path, issue.code, plainMessage(issue.message))]
}

/** The schema's message about an unknown key, where it is more than the standard one. */
function ownWords({ message }: Issue, key: string): string | undefined {
  return message.startsWith('Unrecognized key') || !message.includes(key) ? undefined : message
}

function unknownKey(place: Place): string {
  return place === 'query' ? 'is no known query parameter' : 'is no known field'
}

/** The alternative that the value came closest to: the one whose first fault lies deepest, or that is of its kind. */
function nearestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (branch: Issue[]) => branch[0]?.path.length ?? -1
  const isOther = (branch: Issue[]) => Number(branch[0]?.code === 'invalid_type')
  return branches.toSorted((a, b) => depth(b) - depth(a) || isOther(a) - isOther(b) || a.length - b.length)[0]
}

function detail(place: Place, path: PropertyKey[], code: string, message: string): PlacedDetail {
  return {
    in: place,
    path: path.map((part) => (typeof part === 'number' ? part : String(part))),
    code,
    message,
  }
}
