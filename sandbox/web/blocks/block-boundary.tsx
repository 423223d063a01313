import { Component, type ReactNode } from 'react';

/** Keeps a malformed block from taking the page down. */
export class BlockBoundary extends Component<{ kind: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <p className="block-unknown">A block of the kind “{this.props.kind}” could not be shown.</p>;
  }
}
