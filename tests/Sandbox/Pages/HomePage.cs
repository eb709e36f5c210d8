using System.Globalization;
using System.Text;
using Sandbox.State;
using Sandbox.UserApi;

namespace Sandbox.Pages;

/// <summary>Each account's calendars and events, with what a person can do to them.</summary>
public sealed class HomePage(Store store, VirtualClock clock, PersonApi api)
{
    public void Map(IEndpointRouteBuilder routes) => routes.MapGet("/", http => Html.WriteAsync(http, store.Locked(Show)));

    private string Show()
    {
        var page = new StringBuilder("<h1>Sandbox: the other side of each calendar</h1>");
        page.Append(CultureInfo.InvariantCulture, $"<p>It is <strong>{clock.GetCurrentInstant():uuuu-MM-dd HH:mm} UTC</strong> here, and <a href=\"/halaxy\">Halaxy</a> is a page of its own. ").Append(Form("/user/clock", "Let time pass", ("advance", "PT1H", "text"))).Append("</p>");
        foreach (var account in store.Accounts.FindAll().OrderBy(x => x.Id)) ShowAccount(page, account);
        page.Append("<h2>New account</h2>");
        foreach (var (vendor, name, email) in (IEnumerable<(string, string, string)>)[("google", "Google", "sam@gmail.com"), ("microsoft", "Microsoft", "sam@outlook.com")])
            page.Append("<p>").Append(Form("/user/accounts", $"Add at {name}", ("vendor", vendor, "hidden"), ("email", email, "email"), ("timeZone", "Europe/Berlin", "text"))).Append("</p>");
        return page.ToString();
    }

    private void ShowAccount(StringBuilder page, Account account)
    {
        var at = "/user/" + Uri.EscapeDataString(account.Id);
        page.Append(CultureInfo.InvariantCulture, $"<h2>{(account.Vendor == "google" ? "Google" : "Microsoft")}: {Html.Text(account.Email)}</h2><p>")
            .Append(Form(at + "/revoke", "Take back the app’s access")).Append(' ').Append(Form(at + "/calendars", "Add a calendar", ("name", "", "text"))).Append("</p>");
        foreach (var calendar in store.Calendars.Find(x => x.Account == account.Id && !x.Deleted)) ShowCalendar(page, account, calendar);
    }

    private void ShowCalendar(StringBuilder page, Account account, CalendarRow calendar)
    {
        var at = $"/user/{Uri.EscapeDataString(account.Id)}/calendars/{Uri.EscapeDataString(calendar.Id)}";
        page.Append(CultureInfo.InvariantCulture, $"<h3>{Html.Text(api.Person(account).Name(calendar))} <small>{(calendar.MadeBy is null ? "" : "made by the app")}</small></h3>");
        page.Append(Form(at + "/create", "Add an event", ("title", "", "text"), ("start", "", "datetime-local"), ("end", "", "datetime-local"), ("rule", "", "text")));
        page.Append(Form(at + "/delete-calendar", "Delete this calendar")).Append("<table><tr><th>When<th>What<th>");
        foreach (var seen in api.Person(account).Look(calendar)) ShowEvent(page, at, seen);
        page.Append("</table>");
    }

    private static void ShowEvent(StringBuilder page, string at, Seen seen)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr id=\"{Html.Text(seen.Id)}\"{(seen.Live ? "" : " class=\"gone\"")}><td>{Html.Text(seen.Start)} – {Html.Text(seen.End)}<td>{Html.Text(seen.Title)} <small>{(seen.Series is null ? "" : "occurrence")}</small><td>");
        var id = ("event", seen.Id, "hidden");
        if (!seen.Live)
        {
            page.Append(Form(at + "/restore", "Restore from the bin", id));
            return;
        }

        page.Append(Form(at + "/move", "Move", id, ("start", "", "datetime-local"), ("end", "", "datetime-local")));
        page.Append(Form(at + "/edit", "Rename", id, ("title", seen.Title, "text"))).Append(Form(at + "/copy", "Copy", id)).Append(Form(at + "/delete", "Delete", id));
        if (seen.Series is not null) ShowSeries(page, at, id, ("event", seen.Series, "hidden"));
    }

    private static void ShowSeries(StringBuilder page, string at, (string, string, string) occurrence, (string, string, string) series) => page
        .Append(Form(at + "/move-following", "Move this and following", occurrence, ("start", "", "datetime-local"), ("end", "", "datetime-local")))
        .Append(Form(at + "/delete-following", "Delete this and following", occurrence))
        .Append(Form(at + "/copy", "Copy the series", series)).Append(Form(at + "/delete", "Delete the series", series));

    public static string Form(string action, string button, params (string Name, string Value, string Type)[] fields)
    {
        var form = new StringBuilder().Append(CultureInfo.InvariantCulture, $"<form class=\"row\" method=\"post\" action=\"{Html.Text(action)}\">");
        foreach (var (name, value, type) in fields)
            form.Append(CultureInfo.InvariantCulture, $"<input name=\"{name}\" type=\"{type}\" value=\"{Html.Text(value)}\" placeholder=\"{name}\" aria-label=\"{name}\"> ");
        return form.Append(CultureInfo.InvariantCulture, $"<button>{Html.Text(button)}</button></form> ").ToString();
    }
}
