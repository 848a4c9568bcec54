// Inline pictures, one colour, for the eye alone: what they say is said in words beside them.

function icon(path: string, size = 14, filled = false) {
  return () => (
    <svg
      class={filled ? "ja-icon ja-filled" : "ja-icon"}
      viewBox="0 0 16 16"
      width={size}
      height={size}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
}

/** A run: a triangle (its box is a pill). */
export const RunIcon = /* @__PURE__ */ icon("M4 2.8v10.4L13 8z", 12);

/** An artifact: a diamond (its box has corners). */
export const ArtifactIcon = /* @__PURE__ */ icon("M8 1.2 14.8 8 8 14.8 1.2 8z", 12, true);

export const ClockIcon = /* @__PURE__ */ icon("M8 1.8a6.2 6.2 0 1 0 .1 0zM8 4.4V8l2.4 1.6", 13);

export const CopyIcon = /* @__PURE__ */ icon(
  "M5.2 6.8q0-1.6 1.6-1.6h5.4q1.6 0 1.6 1.6v5.4q0 1.6-1.6 1.6H6.8q-1.6 0-1.6-1.6zM10.8 2.2h-7q-1.6 0-1.6 1.6v7",
);

export const CheckIcon = /* @__PURE__ */ icon("m2.8 8.6 3.4 3.4 7-8");

export const CrossIcon = /* @__PURE__ */ icon("m3.6 3.6 8.8 8.8m0-8.8-8.8 8.8");

export const WarnIcon = /* @__PURE__ */ icon("M8 2.2 14.6 13.6H1.4zM8 6.6v3.2M8 11.7v.1");

export const ChevronIcon = /* @__PURE__ */ icon("m6 3.5 4.5 4.5L6 12.5", 12);

export const DownIcon = /* @__PURE__ */ icon("M3.5 6 8 10.5 12.5 6", 12);

/** One box under another. */
export const FlowIcon = /* @__PURE__ */ icon(
  "M3.8 1.6h8.4v3.8H3.8zM3.8 10.6h8.4v3.8H3.8zM8 5.4v5M6 8.4l2 2 2-2",
);

export const SearchIcon = /* @__PURE__ */ icon("M7 2.4a4.6 4.6 0 1 0 .1 0zM10.5 10.5l3.4 3.4");

export const FolderIcon = /* @__PURE__ */ icon("M1.8 13V3H6l1.6 1.8h6.6V13z");

export const FileIcon = /* @__PURE__ */ icon("M3.6 1.8h5.2l3.6 3.6v8.8H3.6zM8.8 1.8v3.6h3.6");

export const LinkIcon = /* @__PURE__ */ icon("M9 2.5h4.5V7M13.2 2.8 7.5 8.5M11.5 9.5v4h-9v-9h4");
