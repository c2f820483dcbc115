import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Variable } from '../liquid/variable.ts'
import { CreatePromptInput } from '../prompts/schema.ts'
import { declareVariables, VariableInput } from '../prompts/variables/variables.ts'
import { readPromptFile } from '../transfer/file/read-prompt-file.ts'

const SeedCategory = z.strictObject({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  position: z.int().min(0),
})
type SeedCategory = z.infer<typeof SeedCategory>

/** Stricter than the API: seeds say everything about themselves and their variables. */
const SeedFile = CreatePromptInput.required({
  category: true,
  tags: true,
  title: true,
  description: true,
  message: true,
}).extend({
  category: z.string(),
  variables: z.array(VariableInput.required({ description: true, example: true })),
})

/** One prompt to create, shaped like the body of `POST /api/prompts`. */
export interface SeedPrompt extends z.infer<typeof SeedFile> {
  variables: (Variable & z.infer<typeof SeedFile>['variables'][number])[]
}

interface Seed {
  /** In order of position. */
  categories: SeedCategory[]
  /** In order of name. */
  prompts: SeedPrompt[]
}

/**
 * Reads the categories and prompts that a new workspace starts with.
 *
 * The folder is found from `root`, not from this module, because the calling code may be bundled.
 * @param root the project's folder, the one that holds `prisma/seed`
 * @throws an error that names the file when one is missing, cannot be read or has another shape
 */
export async function loadSeed(root: string): Promise<Seed> {
  const folder = join(root, 'prisma', 'seed')
  const prompts = join(folder, 'prompts')
  const categories = await readSeed(join(folder, 'categories.json'), (text) =>
    z.array(SeedCategory).parse(JSON.parse(text)),
  )
  const files = (await readdir(prompts)).filter((file) => file.endsWith('.md')).toSorted()
  return {
    categories: categories.toSorted((a, b) => a.position - b.position),
    prompts: await Promise.all(files.map((file) => readSeed(join(prompts, file), readPrompt))),
  }
}

function readPrompt(text: string): SeedPrompt {
  const prompt = SeedFile.parse(readPromptFile(text).prompt)
  // Declared, a variable says what its type is and whether it is required.
  return { ...prompt, variables: declareVariables(prompt.variables) as SeedPrompt['variables'] }
}

async function readSeed<T>(path: string, read: (text: string) => T): Promise<T> {
  try {
    return read(await readFile(path, 'utf8'))
  } catch (cause) {
    throw new Error(`${path} cannot be read as seed data`, { cause })
  }
}
