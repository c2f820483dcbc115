import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { VariableInput } from '../prompts/variables/variables.ts'

const SeedCategory = z.strictObject({
  slug: z.string(),
  name: z.string(),
  description: z.string(),
  color: z.string().regex(/^#[0-9a-f]{6}$/),
  position: z.int().min(0),
})
type SeedCategory = z.infer<typeof SeedCategory>

/** Stricter than the API: seeds say everything about their variables. */
const SeedVariable = VariableInput.required({ type: true, description: true, required: true, example: true })

/** What `prompts/<name>.json` holds; the texts lie beside it as `.liquid` files. */
const SeedFile = z.strictObject({
  name: z.string(),
  aliases: z.array(z.string()),
  category: z.string(),
  tags: z.array(z.string()),
  title: z.string(),
  description: z.string(),
  kind: z.enum(['text', 'chat']),
  variables: z.array(SeedVariable),
  publish: z.strictObject({ prompt: z.boolean(), tool: z.boolean() }),
  message: z.string(),
})
type SeedFile = z.infer<typeof SeedFile>

interface SeedMessage {
  role: 'system' | 'user'
  content: string
}

/** One prompt to create, shaped like the body of `POST /api/prompts`. */
export type SeedPrompt = Omit<SeedFile, 'kind'> & ({ template_content: string } | { messages: SeedMessage[] })

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
 * @throws an error that names the file when one is missing, is not JSON or has another shape
 */
export async function loadSeed(root: string): Promise<Seed> {
  const folder = join(root, 'prisma', 'seed')
  const prompts = join(folder, 'prompts')
  const categories = await readJson(join(folder, 'categories.json'), z.array(SeedCategory))
  const files = (await readdir(prompts)).filter((file) => file.endsWith('.json')).toSorted()
  return {
    categories: categories.toSorted((a, b) => a.position - b.position),
    prompts: await Promise.all(files.map((file) => readPrompt(prompts, file))),
  }
}

async function readPrompt(folder: string, file: string): Promise<SeedPrompt> {
  const { kind, ...prompt } = await readJson(join(folder, file), SeedFile)
  if (file !== `${prompt.name}.json`) throw new Error(`${join(folder, file)} holds "${prompt.name}"`)
  if (kind === 'text') {
    return { ...prompt, template_content: await readText(join(folder, `${prompt.name}.liquid`)) }
  }
  const [system, user] = await Promise.all([
    readText(join(folder, `${prompt.name}.system.liquid`)),
    readText(join(folder, `${prompt.name}.user.liquid`)),
  ])
  return {
    ...prompt,
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
    ],
  }
}

/** A file ends with a line end; a prompt does not. */
async function readText(path: string): Promise<string> {
  const text = await readFile(path, 'utf8')
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

async function readJson<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error(`${path} cannot be read as seed data`, { cause })
  }
}
