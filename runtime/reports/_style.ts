// The style of a report's page.

import { darkVariables, lightVariables } from "./_colors.ts";

export const css = `
:root{color-scheme:light dark;${lightVariables}}
@media (prefers-color-scheme:dark){:root{${darkVariables}}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:70rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.35rem;line-height:1.25;margin:2.75rem 0 .75rem;padding-top:.5rem;border-top:1px solid var(--line)}
h3{font-size:1.05rem;margin:1.75rem 0 .5rem;overflow-wrap:anywhere}
p,ul{max-width:46rem;margin:.6rem 0;overflow-wrap:anywhere}
.subtitle{color:var(--soft);margin-top:0}
a{color:var(--accent)}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
nav{margin:1.5rem 0;padding:.75rem 1.25rem;background:var(--panel);border-radius:.5rem}
nav h2{font-size:1rem;margin:0;padding:0;border:0}
nav ol{margin:.35rem 0 0;padding-left:1.4rem;columns:16rem;column-gap:2rem}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:separate;border-spacing:0;font-size:.87rem;font-variant-numeric:tabular-nums;border-top:2px solid var(--ink);border-bottom:2px solid var(--ink)}
caption{text-align:left;color:var(--soft);padding:0 0 .5rem;font-size:.9rem;caption-side:top}
caption span,tr.note span{display:inline-block;position:sticky;left:.25rem;max-width:min(46rem,calc(100vw - 3rem));white-space:normal}
th,td{padding:.32rem .6rem;text-align:left;vertical-align:baseline;white-space:nowrap}
th:first-child,td:first-child{padding-left:.25rem}
thead th{border-bottom:1px solid var(--ink);vertical-align:bottom;font-weight:600}
tbody th{font-weight:400;white-space:normal;min-width:9rem;max-width:22rem;overflow-wrap:anywhere;position:sticky;left:0;background:var(--paper)}
tbody tr+tr th,tbody tr+tr td{border-top:1px solid var(--line)}
.number{text-align:right;min-width:0}
thead .number{white-space:normal}
tr.strong th,tr.strong td{background:var(--panel)}
tr.strong th{font-weight:700}
tr.note td{color:var(--soft);border-top:0!important;padding-top:0;font-size:.82rem}
figure{margin:1.25rem 0}
figure .scroll{margin:0}
figure svg{display:block;width:100%;max-width:52rem;min-width:34rem;height:auto;overflow:visible;color:var(--ink)}
figure svg text{white-space:pre}
figure.narrow{display:inline-block;vertical-align:top;width:min(100%,27rem);margin-right:1.5rem}
figure.narrow svg{min-width:0}
figcaption{color:var(--soft);font-size:.9rem;max-width:46rem;margin-top:.35rem;overflow-wrap:anywhere}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.86em}
code{background:var(--panel);padding:.08em .3em;border-radius:.25rem;overflow-wrap:anywhere}
pre{background:var(--panel);padding:.8rem 1rem;border-radius:.4rem;overflow-x:auto;line-height:1.45}
pre code{background:none;padding:0}
details{margin:.5rem 0;border:1px solid var(--line);border-radius:.4rem;padding:.35rem .8rem}
summary{cursor:pointer;overflow-wrap:anywhere}
details[open] summary{margin-bottom:.4rem}
@media (max-width:40rem){figure.narrow{margin-right:0}main{padding:1.25rem 1rem 3rem}h1{font-size:1.5rem}table{font-size:.84rem}th,td{padding:.32rem .5rem}tbody th{min-width:7rem;max-width:11rem}}
@media print{tbody th{position:static}:root{${lightVariables};color-scheme:light}body{font-size:10pt}main{max-width:none;padding:0}nav{display:none}.scroll,pre{overflow:visible}pre{white-space:pre-wrap}figure svg{min-width:0}figure,tr,h2,h3{break-inside:avoid}h2,h3{break-after:avoid}table{font-size:8pt}th,td{white-space:normal;padding:.2rem .35rem}a{color:inherit;text-decoration:none}@page{margin:18mm}}
`.replaceAll("\n", "");
