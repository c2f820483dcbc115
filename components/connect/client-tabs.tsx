'use client'

import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components/Tabs'
import { buttonClass } from '#components/ui/button-class.ts'
import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { Client, Snippet } from './snippets.ts'

const TAB_CLASS =
  'flex h-8 cursor-pointer select-none items-center rounded-md px-3 text-ink-soft text-sm outline-none hover:bg-hover ' +
  'data-selected:bg-fill data-selected:font-medium data-selected:text-on-fill ' +
  'data-focus-visible:outline-solid data-focus-visible:outline-2 data-focus-visible:outline-(--focus) data-focus-visible:outline-offset-2'

/** One client at a time: the text to paste, and its place. */
export function ClientTabs({
  clients,
  isShort = false,
  onChoose,
}: {
  clients: readonly Client[]
  /** Leaves out what each client makes of it. */
  isShort?: boolean
  onChoose?: (id: string) => void
}) {
  return (
    <Tabs onSelectionChange={(id) => onChoose?.(String(id))}>
      <TabList aria-label="Clients" className="-ml-1 flex flex-wrap gap-1">
        {clients.map(({ id, name }) => (
          <Tab key={id} id={id} className={TAB_CLASS}>
            {name}
          </Tab>
        ))}
      </TabList>
      {clients.map(({ id, installs = [], snippets, can, cannot }) => (
        <TabPanel key={id} id={id} className="mt-5 flex flex-col gap-5 rounded outline-none">
          {installs.length > 0 && (
            <p className="flex flex-wrap gap-2">
              {installs.map(({ name, href }) => (
                <a key={name} href={href} className={buttonClass('outline')}>
                  {name}
                </a>
              ))}
            </p>
          )}
          {snippets.map((snippet) => (
            <SnippetBlock key={snippet.into} snippet={snippet} />
          ))}
          {!isShort && (
            <>
              <p className="max-w-prose text-ink-soft text-sm">{can}</p>
              <p className="max-w-prose text-ink-soft text-sm">{cannot}</p>
            </>
          )}
        </TabPanel>
      ))}
    </Tabs>
  )
}

function SnippetBlock({ snippet: { into, text } }: { snippet: Snippet }) {
  return (
    <div className="overflow-hidden rounded-lg border border-line">
      <div className="flex items-center justify-between gap-3 border-line border-b bg-sunken py-1 pr-1 pl-4">
        <h3 className="min-w-0 break-words py-1 text-ink-soft text-xs">{into}</h3>
        <CopyButton name={`Copy: ${into}`} text={text} />
      </div>
      <ScrollRegion name={into} className="overflow-x-auto bg-surface px-4 py-3">
        <pre className="font-mono text-[0.8125rem] leading-5.5">{text}</pre>
      </ScrollRegion>
    </div>
  )
}
