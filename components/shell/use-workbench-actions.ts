'use client'

import { useRouter } from 'next/navigation'
import { useTheme } from 'next-themes'
import { useGuard } from '#components/access/person.tsx'
import { writeClipboard } from '#components/ui/copying/clipboard.ts'
import { showToast } from '#components/ui/toast.ts'
import { useActions } from './actions.tsx'
import { PAGES } from './main-navigation.tsx'

const THEMES = [
  { id: 'light', name: 'Use the light theme' },
  { id: 'dark', name: 'Use the dark theme' },
  { id: 'system', name: 'Use the theme of the system' },
] as const

const IMPORT = {
  id: 'prompts.import',
  name: 'Import prompts',
  group: 'Prompts',
  words: 'files folder zip paste langfuse mcp bring',
}

/** The actions of every page. */
export function useWorkbenchActions(): void {
  const router = useRouter()
  const { setTheme } = useTheme()
  const guard = useGuard()
  useActions([
    {
      id: 'prompts.create',
      name: 'New prompt',
      group: 'Prompts',
      keys: 'n',
      run: guard('prompts:write', () => router.push('/prompts/new')),
      words: 'create add template',
    },
    { ...IMPORT, run: guard('prompts:write', () => router.push('/import')) },
    ...PAGES.map(({ href, name, key, words }) => ({
      id: `go.${href}`,
      name,
      group: 'Go to',
      keys: `g ${key}`,
      run: () => router.push(href),
      words,
    })),
    {
      id: 'workbench.copy-mcp-url',
      name: 'Copy the MCP address',
      group: 'Workbench',
      run: () => void copyMcpAddress(),
      words: 'url endpoint connect agents',
    },
    {
      id: 'workbench.documentation',
      name: 'Documentation',
      group: 'Workbench',
      // Beside the workbench: what is being written stays open.
      run: () => void window.open('/docs', '_blank', 'noopener'),
      words: 'docs help manual reference api',
    },
    ...THEMES.map(({ id, name }) => ({
      id: `theme.${id}`,
      name,
      group: 'Theme',
      run: () => setTheme(id),
      words: 'mode appearance colours',
    })),
  ])
}

async function copyMcpAddress(): Promise<void> {
  const address = `${window.location.origin}/api/mcp`
  const worked = await writeClipboard(address)
  showToast(
    worked
      ? { message: 'The MCP address is on the clipboard', detail: address }
      : { message: 'The clipboard cannot be written', detail: address, tone: 'failure' },
  )
}
