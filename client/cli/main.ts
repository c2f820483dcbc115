#!/usr/bin/env node
import { wantsColours } from '../environment.ts'
import { isIncipitError } from '../http/problem.ts'
import type { ErrorDetail, IncipitError } from '../public.ts'
import { VERSION } from '../version.ts'
import { coloured } from './colours.ts'
import { type Command, EXIT, type ExitCode, helpOf, type Result, readArguments } from './command.ts'
import { checkCommand } from './commands/check.ts'
import { copyCommand } from './commands/copy.ts'
import { diffCommand } from './commands/diff.ts'
import { importCommand } from './commands/import.ts'
import { loginCommand } from './commands/login.ts'
import { pullCommand } from './commands/pull.ts'
import { pushCommand } from './commands/push.ts'
import { renderCommand } from './commands/render.ts'
import { typesCommand } from './commands/types.ts'
import { PROXY_HINT, proxyIsUnused, useProxy } from './proxy.ts'
import { systemMessage } from './system-message.ts'

const COMMANDS: readonly Command[] = [
  loginCommand,
  pullCommand,
  pushCommand,
  diffCommand,
  checkCommand,
  renderCommand,
  typesCommand,
  importCommand,
  copyCommand,
]

// Whoever reads the output may have enough of it, as `head` has.
process.stdout.on('error', (error: Error & { code?: string }) => {
  if (error.code !== 'EPIPE') throw error
})
useProxy()
process.exitCode = await main(process.argv.slice(2))

async function main([name, ...args]: readonly string[]): Promise<ExitCode> {
  const isJson = args.includes('--json')
  try {
    if (name === '--version' || name === '-v')
      return print({ code: EXIT.well, lines: [VERSION], data: VERSION })
    const asked = name === 'help' ? args[0] : name
    const command = COMMANDS.find((each) => each.name === asked)
    if (command === undefined) return overview(asked)
    if (name === 'help' || args.includes('--help') || args.includes('-h'))
      return print({ code: EXIT.well, lines: helpOf(command), data: null })
    return print(await command.run(readArguments(command, args)), isJson)
  } catch (error) {
    return tellError(error, isJson)
  }
}

function print({ code, lines, data }: Result, isJson = false): ExitCode {
  const colours = wantsColours(process.stdout.isTTY)
  const text = isJson
    ? JSON.stringify(data, null, 2)
    : lines.map((line) => coloured(line, colours)).join('\n')
  if (text !== '') process.stdout.write(text.endsWith('\n') ? text : `${text}\n`)
  return code
}

function overview(asked: string | undefined): ExitCode {
  const isKnown = asked === undefined || asked === '--help' || asked === '-h'
  const width = Math.max(...COMMANDS.map(({ name }) => name.length)) + 2
  const lines = [
    ...(isKnown ? [] : [`There is no command "${asked}".`, '']),
    `incipit ${VERSION}: prompts of Incipit in files, in git and in programs`,
    '',
    ...COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}${summary}`),
    '',
    'incipit COMMAND --help tells more. An instance is found by --url, --profile or INCIPIT_URL, its key by INCIPIT_API_KEY or incipit login.',
    'Exit codes: 0 well, 1 differences or findings, 2 wrong use, 3 the instance is away, 4 not allowed.',
  ]
  const stream = isKnown ? process.stdout : process.stderr
  stream.write(`${lines.join('\n')}\n`)
  return isKnown ? EXIT.well : EXIT.usage
}

function tellError(error: unknown, isJson: boolean): ExitCode {
  if (!isIncipitError(error)) {
    const ofSystem = systemMessage(error)
    const message = ofSystem ?? (error instanceof Error ? (error.stack ?? error.message) : String(error))
    if (isJson) printError({ code: ofSystem === undefined ? 'internal' : 'usage', message, details: [] })
    process.stderr.write(`${message}\n`)
    return ofSystem === undefined ? EXIT.away : EXIT.usage
  }
  const { code, message, details, requestId } = error
  if (isJson) printError({ code, message, details })
  const lines = [message, ...details.map(detailLine)]
  if (requestId !== undefined && (error.status ?? 0) >= 500) lines.push(`Request id: ${requestId}`)
  const told = [...new Set(lines)].join('\n')
  process.stderr.write(`${told}\n${hintFor(error)}`)
  return codeOf(error)
}

function printError(error: { code: string; message: string; details: readonly unknown[] }): void {
  process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`)
}

function detailLine({ message, hint, range }: ErrorDetail): string {
  const where = range === undefined ? '' : ` (line ${range.line}, column ${range.column})`
  return `  ${message}${where}${hint === undefined ? '' : `. ${hint}`}`
}

function hintFor({ status, code, retryAfter }: IncipitError): string {
  if (code === 'unreachable' && proxyIsUnused()) return `${PROXY_HINT}\n`
  if (retryAfter !== undefined) return `It asks to come again in ${retryAfter} s.\n`
  if (status === 401) return 'Bring a key: incipit login, or INCIPIT_API_KEY.\n'
  return ''
}

function codeOf({ code, status }: IncipitError): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied
  if (code === 'unreachable' || code === 'timeout' || code === 'unexpected_answer') return EXIT.away
  if (status === undefined) return code === 'conflict' ? EXIT.no : EXIT.usage
  if (status === 409 || status === 412 || status === 422) return EXIT.no
  return status >= 500 || status === 429 ? EXIT.away : EXIT.usage
}
