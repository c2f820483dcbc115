'use client'

import { FileText } from 'lucide-react'
import type { ReactNode } from 'react'
import { Header } from 'react-aria-components/Header'
import { Menu, MenuItem, MenuSection } from 'react-aria-components/Menu'
import { type Action, keysOf } from '#components/shell/action-store.ts'
import { shownKeys } from '#components/shell/keys.ts'
import { ITEM_CLASS } from '#components/ui/class-names.ts'
import { Chords, useIsMac } from '#components/ui/kbd.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import type { Found } from './use-palette-sections.ts'

/** The results, under headings. Prompts come first, so that typing and Enter goes to one, unless an action is meant. */
export function PaletteMenu({
  found,
  beginsAtFirst,
  onPrompt,
  onAction,
}: {
  found: Found
  /** Enter means the first line from the beginning. */
  beginsAtFirst: boolean
  onPrompt: (name: string) => void
  onAction: (action: Action) => void
}) {
  const { groups, failure } = found
  const promptSection = found.prompts.length > 0 && <PromptSection found={found} onPrompt={onPrompt} />
  return (
    <>
      {failure && (
        <p role="alert" className="border-line border-b bg-rubric-wash px-4 py-2 text-sm">
          The prompts could not be searched. {failure}
        </p>
      )}
      <ScrollRegion name="What was found" className="min-h-0 flex-1 overflow-y-auto overscroll-contain p-1.5">
        <Menu aria-label="Results" className="outline-none" {...(beginsAtFirst && { autoFocus: 'first' })}>
          {!found.isActionFirst && promptSection}
          {groups.map(({ group, actions }) => (
            <Section key={group} heading={group}>
              {actions.map((action) => (
                <ActionLine key={action.id} action={action} onAction={onAction} />
              ))}
            </Section>
          ))}
          {found.isActionFirst && promptSection}
        </Menu>
      </ScrollRegion>
    </>
  )
}

function PromptSection({ found, onPrompt }: { found: Found; onPrompt: (name: string) => void }) {
  return (
    <Section heading={found.promptsHeading}>
      {found.prompts.map(({ name, title }) => (
        <Line key={name} id={`prompt:${name}`} text={title || name} onAction={() => onPrompt(name)}>
          <FileText aria-hidden="true" />
          <span className="min-w-0 flex-1 truncate">{title || name}</span>
          {title && (
            <code className="min-w-0 max-w-[45%] truncate font-mono text-ink-faint text-xs">{name}</code>
          )}
        </Line>
      ))}
    </Section>
  )
}

function ActionLine({ action, onAction }: { action: Action; onAction: (action: Action) => void }) {
  const isMac = useIsMac()
  const [keys] = keysOf(action)
  return (
    <Line
      id={`action:${action.id}`}
      text={action.name}
      isDisabled={action.run === undefined}
      onAction={() => onAction(action)}
    >
      <span className="min-w-0 flex-1 truncate">{action.name}</span>
      {keys !== undefined && <Chords chords={shownKeys(keys, isMac)} className="max-sm:hidden" />}
    </Line>
  )
}

function Section({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <MenuSection className="pb-1.5 last:pb-0">
      <Header className="px-2.5 pt-1.5 pb-1 text-ink-faint text-xs">{heading}</Header>
      {children}
    </MenuSection>
  )
}

function Line({
  id,
  text,
  isDisabled = false,
  onAction,
  children,
}: {
  id: string
  text: string
  isDisabled?: boolean
  onAction: () => void
  children: ReactNode
}) {
  return (
    <MenuItem
      id={id}
      textValue={text}
      isDisabled={isDisabled}
      onAction={onAction}
      className={`${ITEM_CLASS} min-h-9 gap-2.5 px-2.5`}
    >
      {children}
    </MenuItem>
  )
}
