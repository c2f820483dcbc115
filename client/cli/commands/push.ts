import { type Lock, writeLock } from '../../files/lock.ts'
import { isRefused, type PushItem, push } from '../../sync/push.ts'
import { type Command, EXIT, FOLDER, type Given, type Result, usage } from '../command.ts'
import { assertSameInstance, connect } from '../connection.ts'
import { shown, type Workplace, workplace } from '../workplace.ts'

export const pushCommand: Command = {
  name: 'push',
  words: '[NAME…]',
  summary: 'make versions of the files that changed',
  details: `A file that changed since the pull becomes a new version; what did not change makes none. Where the instance
has moved on since, nothing is pushed, and the difference is shown: pull first. Files with conflict markers
are refused. A version moves no label, unless --label or the file says so. Where a label that moves would refuse
callers, nothing is pushed either, unless --accept-breaking says that it is meant; who calls is known to keys
that may see usage.`,
  options: {
    ...FOLDER,
    message: { type: 'string', short: 'm', value: 'TEXT', help: 'Why, as the message of the versions' },
    label: { type: 'string', multiple: true, value: 'LABEL', help: 'Moves this label to the new versions' },
    'accept-breaking': {
      type: 'boolean',
      help: 'Move labels although callers would be refused',
    },
    'create-categories': { type: 'boolean', help: 'Make categories that the instance does not have' },
    'dry-run': { type: 'boolean', help: 'Tell what would happen, and change nothing' },
  },
  run,
}

async function run(given: Given): Promise<Result> {
  const place = await workplace(given)
  const registry = await connect(given, place.lock)
  const lock: Lock = place.lock ?? { url: '', label: 'latest', prompts: new Map() }
  assertSameInstance(lock, registry)
  const files = await place.folder.read(place.lock)
  if (files.length === 0) throw usage(`There are no prompt files in ${place.name}. Another folder: --dir`)
  const dryRun = given.flag('dry-run')
  const options = {
    names: given.words,
    dryRun,
    message: given.text('message'),
    labels: given.list('label'),
    acceptBreaking: given.flag('accept-breaking'),
    createCategories: given.flag('create-categories'),
  }
  const items: PushItem[] = []
  try {
    await push(registry, files, lock, options, (item) => items.push(item))
  } finally {
    // What was pushed before a failure is noted: the next push goes on behind it.
    const isNoted = items.some((item) => !isRefused(item))
    if (!dryRun && isNoted) await writeLock(place.folder.place, { ...lock, url: registry.url })
  }
  const isNo = items.some(isRefused)
  return {
    code: isNo ? EXIT.no : EXIT.well,
    lines: linesOf(items, place, { dryRun, isNo }),
    data: { url: registry.url, dry_run: dryRun, pushed: !isNo && !dryRun, items },
  }
}

function linesOf(
  items: readonly PushItem[],
  place: Workplace,
  { dryRun, isNo }: { dryRun: boolean; isNo: boolean },
): string[] {
  const told = items.flatMap(({ action, file, version, message, diff = [] }) => {
    const number = version === undefined ? '' : ` (version ${version})`
    const why = message === undefined ? '' : `: ${message}`
    return [`${action.padEnd(12)} ${shown(place, file)}${number}${why}`, ...diff]
  })
  const end = isNo ? 'Nothing was pushed.' : dryRun ? 'Nothing was changed.' : `${items.length} pushed.`
  return [...told, items.length === 0 ? 'Nothing changed since the last pull.' : end]
}
