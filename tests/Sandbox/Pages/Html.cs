using System.Net;

namespace Sandbox.Pages;

public static class Html
{
    public static string Text(string? text) => WebUtility.HtmlEncode(text ?? "");

    public static async Task WriteAsync(HttpContext http, string body)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        await http.Response.WriteAsync($$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sandbox</title>
            <style>:root{color-scheme:light dark}body{font:16px/1.5 system-ui;max-width:64rem;margin:2rem auto;padding:0 1rem}
            table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #8886;vertical-align:top}
            fieldset{margin:1rem 0}form.row{display:inline}button{padding:.25rem .75rem}small{opacity:.75}.gone{text-decoration:line-through;opacity:.6}</style></head>
            <body>{{body}}</body></html>
            """);
    }
}
