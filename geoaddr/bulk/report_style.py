"""How the page of a report looks; people of every colour vision tell the statuses apart (Okabe and Ito)."""

STYLE = """
:root{--ink:#1a2430;--soft:#5b6875;--line:#d5dce3;--ok:#009e73;--partial:#56b4e9;--ambiguous:#e69f00;
--not_found:#9aa3ab;--error:#d55e00;--plain:#2f6f9f}
*{box-sizing:border-box}
body{margin:0;color:var(--ink);background:#fff;font:16px/1.5 system-ui,"Segoe UI","Noto Sans",sans-serif}
main{max-width:960px;margin:0 auto;padding:24px 20px 48px}
h1{font-size:1.7rem;margin:0 0 16px}h2{font-size:1.15rem;margin:0 0 12px}
section{border-top:1px solid var(--line);padding:20px 0}
.cards{list-style:none;display:flex;flex-wrap:wrap;gap:12px;margin:0 0 24px;padding:0}
.cards li{flex:1 1 160px;border:1px solid var(--line);border-radius:8px;padding:12px 16px;color:var(--soft)}
.cards b{display:block;font-size:1.6rem;color:var(--ink)}
svg{max-width:100%;height:auto;display:block}svg text{font-size:13px;fill:var(--ink)}
.soft,svg .soft{color:var(--soft);fill:var(--soft);font-size:13px}
.axis{stroke:var(--soft)}
.s-ok{fill:var(--ok);background:var(--ok)}.s-partial{fill:var(--partial);background:var(--partial)}
.s-ambiguous{fill:var(--ambiguous);background:var(--ambiguous)}
.s-not_found{fill:var(--not_found);background:var(--not_found)}
.s-error{fill:var(--error);background:var(--error)}.s-plain{fill:var(--plain)}
.map{background:#eef4f9;border-radius:8px;padding:8px}.map svg{margin:0 auto}
.land{fill:#fff;stroke:#8fa1b3;stroke-width:.7}.land.full{fill:var(--plain)}
.map circle{fill-opacity:.75;stroke:#fff;stroke-width:.3}
svg .isle{font-size:11px;font-style:italic;fill:var(--soft)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:8px;padding:0}
.dot{display:inline-block;width:12px;height:12px;border-radius:50%;margin-right:6px}
details{margin-top:10px}summary{cursor:pointer;color:var(--plain)}
.wide{overflow-x:auto}table{border-collapse:collapse;margin-top:8px;font-size:14px;min-width:50%}
th,td{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 20px;margin:0}dt{color:var(--soft)}
dd{margin:0;overflow-wrap:anywhere}
@media print{details{display:none}section{break-inside:avoid}}
"""
