'use client'

import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { ListFailure, MorePages } from '#components/rows/more-rows.tsx'
import { Rows } from '#components/rows/rows.tsx'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { SectionHead } from '#components/settings/section-head.tsx'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'
import { Segments } from '#components/ui/segments.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { ApiKey, ApiKeyPage } from '#lib/keys/schema.ts'
import { KeyRow } from './key-row.tsx'
import { KEY_FILTERS, type KeyFilter, keyPagesQuery } from './queries.ts'

const NewKeyDialog = dialogPart(
  async () => (await import('./new-key-dialog.tsx')).NewKeyDialog,
  ({ onClose }) => onClose(),
)
const KeyDialog = dialogPart(
  async () => (await import('./key-dialog.tsx')).KeyDialog,
  ({ onClose }) => onClose(),
)
const RotateDialog = dialogPart(
  async () => (await import('./rotate-dialog.tsx')).RotateDialog,
  ({ onClose }) => onClose(),
)
const RevokeDialog = dialogPart(
  async () => (await import('./revoke-dialog.tsx')).RevokeDialog,
  ({ onClose }) => onClose(),
)

/** The open dialog. */
export type KeyDialogState = { kind: 'new' } | { kind: 'show' | 'rotate' | 'revoke'; apiKey: ApiKey }

const LISTED = { id: 'keys', group: 'Keys', open: 'Look at the key' }
const FILTER_NAMES: Readonly<Record<KeyFilter, string>> = {
  all: 'All',
  personal: 'Personal',
  service: 'Service',
  revoked: 'Revoked',
}

/** The keys of agents and programs: one's own, and all of them for who manages members. */
export function KeyBoard({ first, readAt, address }: { first: ApiKeyPage; readAt: number; address: string }) {
  const { isLocal } = usePerson()
  const [dialog, open] = useState<KeyDialogState>()
  const create = () => open({ kind: 'new' })
  useActions([{ id: 'keys.new', name: 'New API key', group: 'Keys', run: create, words: 'make token agent' }])
  return (
    <section aria-labelledby="keys">
      <SectionHead
        id="keys"
        title="API keys"
        action={
          <Button look="primary" onPress={create}>
            <KeyRound aria-hidden="true" />
            New key
          </Button>
        }
      >
        {isLocal
          ? 'No key is asked for while there are no accounts: what is made here counts from the first account on.'
          : 'Programs and agents show a key to say who they are, over MCP and REST. You see its text once.'}
      </SectionHead>
      <Keys first={first} readAt={readAt} onOpen={open} onCreate={create} />
      {dialog && <KeyDialogs dialog={dialog} address={address} open={open} />}
    </section>
  )
}

function Keys({
  first,
  readAt,
  onOpen,
  onCreate,
}: {
  first: ApiKeyPage
  readAt: number
  onOpen: (dialog: KeyDialogState) => void
  onCreate: () => void
}) {
  const now = useNow(readAt)
  const { scopes, id: self } = usePerson()
  const { shows, setShows, pages, keys, ids } = useKeyPages(first, readAt)
  const list = useRef<HTMLDivElement>(null)
  useListKeys(list, keys.length, LISTED)
  const isManaging = scopes.includes('members:write')
  return (
    <>
      <div className="py-3">
        <Segments
          name="Which keys"
          segments={KEY_FILTERS.map((id) => ({ id, label: FILTER_NAMES[id] }))}
          value={shows}
          onChange={(id) => setShows(KEY_FILTERS.find((each) => each === id) ?? 'all')}
        />
      </div>
      {pages.error && <ListFailure error={pages.error} onRetry={() => void pages.refetch()} />}
      <div ref={list} className="border-line border-t">
        <Rows
          ids={ids}
          total={pages.hasNextPage ? -1 : ids.length}
          renderRow={(index) => {
            const apiKey = keys[index]
            const isOwn = apiKey?.person?.id === self
            return (
              apiKey && (
                <KeyRow apiKey={apiKey} isOwn={isOwn} now={now} isManaging={isManaging} onOpen={onOpen} />
              )
            )
          }}
        />
      </div>
      {pages.data && keys.length === 0 && <Nothing shows={shows} onCreate={onCreate} />}
      <MorePages pages={pages} />
    </>
  )
}

/** The keys of a filter, page after page; the first page of all came with the page. */
function useKeyPages(first: ApiKeyPage, readAt: number) {
  const [shows, setShows] = useState<KeyFilter>('all')
  const pages = useInfiniteQuery({
    ...keyPagesQuery(shows),
    ...(shows === 'all' && {
      initialData: { pages: [first], pageParams: [null] } satisfies InfiniteData<ApiKeyPage, string | null>,
      initialDataUpdatedAt: readAt,
    }),
  })
  const keys = useMemo(() => pages.data?.pages.flatMap(({ items }) => items) ?? [], [pages.data])
  const ids = useMemo(() => keys.map(({ id }) => id), [keys])
  return { shows, setShows, pages, keys, ids }
}

function Nothing({ shows, onCreate }: { shows: KeyFilter; onCreate: () => void }) {
  if (shows !== 'all') return <p className="py-6 text-ink-soft">There are none of these.</p>
  return (
    <EmptyState
      title="Give an agent a key"
      action={
        <Button look="primary" onPress={onCreate}>
          Make a key
        </Button>
      }
    >
      <p>
        An agent’s key reads what production names, and nothing else. Others may do more, never more than you.
      </p>
    </EmptyState>
  )
}

/** The dialog that is open, of keys. */
export function KeyDialogs({
  dialog,
  address,
  open,
}: {
  dialog: KeyDialogState
  address: string
  open: (dialog: KeyDialogState | undefined) => void
}) {
  const close = () => open(undefined)
  if (dialog.kind === 'new') return <NewKeyDialog address={address} onClose={close} />
  const { apiKey } = dialog
  if (dialog.kind === 'rotate') return <RotateDialog apiKey={apiKey} address={address} onClose={close} />
  if (dialog.kind === 'revoke') return <RevokeDialog apiKey={apiKey} onClose={close} />
  return <KeyDialog apiKey={apiKey} onClose={close} />
}
