import { writeFile } from 'node:fs/promises'
import { fileVersion } from '../../files/file-version.ts'
import { incipitError } from '../../http/problem.ts'
import { inTurns } from '../../registry/in-turns.ts'
import { pythonTypes, type TypedPrompt, typeScriptTypes } from '../../types/write-types.ts'
import { type Command, EXIT, FOLDER, type Given, type Result, usage } from '../command.ts'
import { connect } from '../connection.ts'
import { shown, type Workplace, workplace } from '../workplace.ts'

export const typesCommand: Command = {
  name: 'types',
  words: '',
  summary: 'write types of the variables, for TypeScript or Python',
  details: `Reads the variables of the files of the folder; where there are none, or with --label, those of the instance. In
TypeScript the result is a table that createClient takes: createClient<Prompts>().`,
  options: {
    ...FOLDER,
    lang: { type: 'string', value: 'ts|python', help: 'Language. Default: that of --out, else ts' },
    out: { type: 'string', short: 'o', value: 'FILE', help: 'Write to this file in place of the output' },
    label: { type: 'string', value: 'LABEL', help: 'Of the instance, as this label names them' },
  },
  run,
}

const AT_ONCE = 8

async function run(given: Given): Promise<Result> {
  const out = given.text('out')
  const language = given.text('lang') ?? (out?.endsWith('.py') ? 'python' : 'ts')
  if (language !== 'ts' && language !== 'python') throw usage('--lang is ts or python.')
  const label = given.text('label')
  const place = await workplace(given)
  const local = label === undefined ? await localPrompts(place) : []
  const prompts = local.length > 0 ? local : await remotePrompts(given, label ?? 'production')
  const text = (language === 'ts' ? typeScriptTypes : pythonTypes)(prompts)
  if (out === undefined) return { code: EXIT.well, lines: [text], data: { language, text } }
  await writeFile(out, text)
  return {
    code: EXIT.well,
    lines: [`${out}: ${prompts.length === 1 ? 'one prompt' : `${prompts.length} prompts`}`],
    data: { language, file: out, prompts: prompts.length },
  }
}

async function localPrompts(place: Workplace): Promise<TypedPrompt[]> {
  const files = await place.folder.read(place.lock)
  return files.map(({ file, prompt, problem }) => {
    if (prompt === undefined)
      throw incipitError('invalid_input', `${shown(place, file)}, line ${problem?.line}: ${problem?.message}`)
    const { variables } = fileVersion(prompt)
    return { name: prompt.name, description: prompt.description ?? '', variables: variables }
  })
}

async function remotePrompts(given: Given, label: string): Promise<TypedPrompt[]> {
  const registry = await connect(given)
  const listed = await registry.list({ label })
  return inTurns(listed, AT_ONCE, async ({ name }) => {
    const { variables, description } = await registry.prompt(name, { label })
    return { name, description, variables: variables }
  })
}
