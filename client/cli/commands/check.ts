import { existsSync } from 'node:fs'
import path from 'node:path'
import type { LocalFile } from '../../files/folder.ts'
import { LOCK_FILE } from '../../files/lock.ts'
import { isAway } from '../../http/problem.ts'
import { inTurns } from '../../registry/in-turns.ts'
import type { Registry } from '../../registry/registry.ts'
import { VERSION } from '../../version.ts'
import { checkFile } from '../check/check-file.ts'
import { checkContract, checkDrift, checkLock, type ReadFile } from '../check/check-remote.ts'
import { type Checked, type Finding, inOrder } from '../check/finding.ts'
import { junitReport, sarifReport, textReport } from '../check/reports.ts'
import { type Command, EXIT, FOLDER, type Given, type Result, usage } from '../command.ts'
import { assertSameInstance, connect } from '../connection.ts'
import { shown, type Workplace, workplace } from '../workplace.ts'

export const checkCommand: Command = {
  name: 'check',
  words: '[FILE…]',
  summary: 'check the files, for CI and before a commit',
  details: `Reads every file by the rules of the instance: form, texts, variables, includes; compares variables with those of a
label, so that a change that would refuse callers is seen before its release; and the lock file with the
instance. --offline leaves out what needs the instance. Ends with 1 where there is an error, or with --strict a
warning.`,
  options: {
    ...FOLDER,
    label: {
      type: 'string',
      value: 'LABEL',
      help: 'Label whose callers must not be refused. Default: production',
    },
    format: { type: 'string', value: 'text|json|sarif|junit', help: 'Form of the answer. Default: text' },
    offline: { type: 'boolean', help: 'Ask no instance' },
    strict: { type: 'boolean', help: 'Warnings count as errors' },
  },
  run,
}

const FORMATS = ['text', 'json', 'sarif', 'junit'] as const
const AT_ONCE = 8

async function run(given: Given): Promise<Result> {
  const format = given.text('format') ?? 'text'
  if (!FORMATS.some((each) => each === format)) throw usage(`--format is one of: ${FORMATS.join(', ')}.`)
  const place = await workplace(given)
  const files = await place.folder.read(place.lock)
  assertThere(given.words)
  const wanted = chosen(given, place, files)
  const isOffline = given.flag('offline')
  let registry: Promise<Registry> | undefined
  const connected = async () => {
    registry ??= connect(given, place.lock)
    return registry
  }
  const checked = await inTurns(wanted, AT_ONCE, async (local) => {
    const file = shown(place, local.file)
    return { local, file, ...(await checkFile(local, file, files, isOffline ? undefined : connected)) }
  })
  const read = checked.flatMap(({ local, file, version }): ReadFile[] =>
    version === undefined || local.prompt === undefined
      ? []
      : [{ local, name: local.prompt.name, version, shown: file }],
  )
  const findings = [
    ...checked.flatMap((each) => each.findings),
    ...duplicates(files, place),
    ...(place.lock === undefined ? [] : checkLock(place.lock, files, read, shown(place, LOCK_FILE))),
    ...(isOffline
      ? []
      : await remoteFindings(await connected(), place, read, given.text('label') ?? 'production')),
  ]
  return answer(
    { findings: inOrder(findings), files: wanted.map(({ file }) => shown(place, file)), version: VERSION },
    given,
    format,
  )
}

function answer(checked: Checked, given: Given, format: string): Result {
  const { findings, files } = checked
  const isNo = findings.some(({ level }) => level === 'error' || given.flag('strict'))
  const data = { files, findings }
  const reports: Record<string, () => readonly string[]> = {
    text: () => textReport(checked),
    json: () => [JSON.stringify(data, null, 2)],
    sarif: () => [sarifReport(checked)],
    junit: () => [junitReport(checked)],
  }
  return { code: isNo ? EXIT.no : EXIT.well, lines: reports[format]?.() ?? [], data }
}

/** @throws usage for a file that is not there: a slip must not look as if it were well */
function assertThere(words: readonly string[]): void {
  const missing = words.find((word) => !existsSync(word))
  if (missing !== undefined) throw usage(`There is no file ${missing}.`)
}

/** Files that are named, as editors and pre-commit name them; others than prompts are passed over. */
function chosen(given: Given, place: Workplace, files: readonly LocalFile[]): readonly LocalFile[] {
  if (given.words.length === 0) return files
  const wanted = new Set(given.words.map((word) => path.resolve(word)))
  return files.filter(({ file }) => wanted.has(path.resolve(place.folder.place, file)))
}

function duplicates(files: readonly LocalFile[], place: Workplace): Finding[] {
  const first = new Map<string, string>()
  return files.flatMap(({ file, prompt }): Finding[] => {
    if (prompt === undefined) return []
    const other = first.get(prompt.name)
    if (other === undefined) {
      first.set(prompt.name, file)
      return []
    }
    const message = `"${prompt.name}" is the prompt of ${shown(place, other)}, too: one has to go`
    return [{ rule: 'duplicate-name', level: 'error', message, file: shown(place, file), line: 1 }]
  })
}

async function remoteFindings(
  registry: Registry,
  place: Workplace,
  read: readonly ReadFile[],
  label: string,
): Promise<Finding[]> {
  const { lock } = place
  try {
    if (lock !== undefined) assertSameInstance(lock, registry)
    const contracts = await inTurns(read, AT_ONCE, (file) => checkContract(registry, file, label))
    const drift =
      lock === undefined ? [] : checkDrift(lock, await registry.list(), read, shown(place, LOCK_FILE))
    return [...contracts.flat(), ...drift]
  } catch (error) {
    if (error instanceof Error && isAway(error)) error.message += ' --offline leaves out what needs it.'
    throw error
  }
}
