// Inline pictures, one colour, for the eye alone: what they say is said in words beside them.

import type { ComponentChildren } from "preact";

function Icon({
  children,
  size = 14,
  fill = false,
}: {
  children: ComponentChildren;
  size?: number;
  fill?: boolean;
}) {
  return (
    <svg
      class="ja-icon"
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill={fill ? "currentColor" : "none"}
      stroke={fill ? "none" : "currentColor"}
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

/** A run: a triangle (its box is a pill). */
export const RunIcon = () => (
  <Icon size={12}>
    <path d="M4 2.8v10.4L13 8z" />
  </Icon>
);

/** An artifact: a diamond (its box has corners). */
export const ArtifactIcon = () => (
  <Icon size={12} fill>
    <path d="M8 1.2 14.8 8 8 14.8 1.2 8z" />
  </Icon>
);

export const ClockIcon = () => (
  <Icon size={13}>
    <circle cx="8" cy="8" r="6.2" />
    <path d="M8 4.4V8l2.4 1.6" />
  </Icon>
);

export const CopyIcon = () => (
  <Icon>
    <rect x="5.2" y="5.2" width="8.6" height="8.6" rx="1.6" />
    <path d="M10.8 2.2H3.8a1.6 1.6 0 0 0-1.6 1.6v7" />
  </Icon>
);

export const CheckIcon = () => (
  <Icon>
    <path d="m2.8 8.6 3.4 3.4 7-8" />
  </Icon>
);

export const CrossIcon = () => (
  <Icon>
    <path d="m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8" />
  </Icon>
);

export const WarnIcon = () => (
  <Icon>
    <path d="M8 2.2 14.6 13.6H1.4zM8 6.6v3.2M8 11.7v.1" />
  </Icon>
);

export const ChevronIcon = () => (
  <Icon size={12}>
    <path d="m6 3.5 4.5 4.5L6 12.5" />
  </Icon>
);

export const DownIcon = () => (
  <Icon size={12}>
    <path d="M3.5 6 8 10.5 12.5 6" />
  </Icon>
);

export const SearchIcon = () => (
  <Icon>
    <circle cx="7" cy="7" r="4.6" />
    <path d="m10.5 10.5 3.4 3.4" />
  </Icon>
);

export const FolderIcon = () => (
  <Icon>
    <path d="M1.8 4.2c0-.7.5-1.2 1.2-1.2h3l1.6 1.8h5.4c.7 0 1.2.5 1.2 1.2v5.8c0 .7-.5 1.2-1.2 1.2H3c-.7 0-1.2-.5-1.2-1.2z" />
  </Icon>
);

export const FileIcon = () => (
  <Icon>
    <path d="M3.6 1.8h5.2l3.6 3.6v8.8H3.6zM8.8 1.8v3.6h3.6" />
  </Icon>
);

export const LinkIcon = () => (
  <Icon>
    <path d="M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11.5 9.5v3c0 .6-.4 1-1 1h-7c-.6 0-1-.4-1-1v-7c0-.6.4-1 1-1h3" />
  </Icon>
);
