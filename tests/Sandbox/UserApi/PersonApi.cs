using System.Text.Json;
using System.Text.Json.Nodes;
using Sandbox.Microsoft;
using Sandbox.SignIn;
using Sandbox.State;
using static Sandbox.UserApi.UserActs;

namespace Sandbox.UserApi;

/// <summary>/user: what a person does, for tests as JSON and for the sandbox's page as forms.</summary>
public sealed class PersonApi(Store store, IEnumerable<IPerson> persons, Accounts accounts, Grants grants, GraphPush graph)
{
    private const string Calendar = "/user/{account}/calendars/{calendar}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/user/accounts", http => Json(http, new JsonArray([.. store.Locked(() => store.Accounts.FindAll().ToList()).Select(x => JsonValue.Create(x.Id))])));
        Act(routes, "/user/accounts", (_, body) => JsonValue.Create(accounts.GetOrCreate(Vendor(body), Need(body, "email"), (string?)body["timeZone"] ?? "UTC").Id));
        Act(routes, "/user/{account}/revoke", (http, body) => Done(() => grants.RevokeAll(AccountOf(http).Id, (string?)body["client"])));
        Act(routes, "/user/{account}/untick", (http, body) => Done(() => Untick(AccountOf(http).Id, Need(body, "scope"))));
        Act(routes, "/user/{account}/lifecycle", (http, body) => Done(() => graph.Lifecycle(AccountOf(http), Need(body, "event"))));
        Act(routes, "/user/{account}/calendars", (http, body) => Person(AccountOf(http)).AddCalendar(AccountOf(http), Need(body, "name")));
        routes.MapGet("/user/{account}/calendars", http => Refused.GuardAsync(http, () => Json(http, Calendars(AccountOf(http)))));
        routes.MapGet(Calendar + "/events", http => Refused.GuardAsync(http, () => Json(http, Look(http))));
        MapEvents(routes);
    }

    private void MapEvents(IEndpointRouteBuilder routes)
    {
        OnCalendar(routes, "create", (person, row, body) => person.Create(row, body));
        OnCalendar(routes, "move", (person, row, body) => person.Move(row, Need(body, "event"), Need(body, "start"), Need(body, "end")));
        OnCalendar(routes, "move-following", (person, row, body) => person.MoveFollowing(row, Need(body, "event"), Need(body, "start"), Need(body, "end")));
        OnCalendar(routes, "edit", (person, row, body) => person.Edit(row, Need(body, "event"), body["changes"] as JsonObject ?? person.Titled(Need(body, "title"))));
        OnCalendar(routes, "copy", (person, row, body) => person.Copy(row, Need(body, "event")));
        OnCalendar(routes, "delete", (person, row, body) => Done(() => person.Delete(row, Need(body, "event"))));
        OnCalendar(routes, "delete-following", (person, row, body) => Done(() => person.DeleteFollowing(row, Need(body, "event"))));
        OnCalendar(routes, "restore", (person, row, body) => person.Restore(row, Need(body, "event")));
        OnCalendar(routes, "delete-calendar", (person, row, _) => Done(() => person.DeleteCalendar(row)));
        OnCalendar(routes, "expire-tokens", (_, row, _) => Done(() => ExpireTokens(row)));
    }

    private void OnCalendar(IEndpointRouteBuilder routes, string verb, Func<IPerson, CalendarRow, JsonObject, JsonNode?> act) =>
        Act(routes, $"{Calendar}/{verb}", (http, body) => act(Person(AccountOf(http)), CalendarOf(http), body));

    private void Act(IEndpointRouteBuilder routes, string path, Func<HttpContext, JsonObject, JsonNode?> act) => UserActs.Map(routes, store, path, act);

    private string Vendor(JsonObject body) =>
        persons.FirstOrDefault(x => x.Vendor == Need(body, "vendor"))?.Vendor ?? throw new NotThereException("The vendors are google and microsoft.");

    private Account AccountOf(HttpContext http) => store.Locked(() => store.Accounts.FindById((string)http.Request.RouteValues["account"]!)) ?? throw new NotThereException("There is no such account.");

    private CalendarRow CalendarOf(HttpContext http) =>
        store.Calendars.FindById((string)http.Request.RouteValues["calendar"]!) is { Deleted: false } row && row.Account == AccountOf(http).Id ? row : throw new NotThereException("There is no such calendar.");

    public IPerson Person(Account account) => persons.First(x => x.Vendor == account.Vendor);

    private JsonArray Calendars(Account account) => store.Locked(() => new JsonArray([.. store.Calendars.Find(x => x.Account == account.Id && !x.Deleted)
        .Select(x => new JsonObject { ["id"] = x.Id, ["name"] = Person(account).Name(x), ["madeBy"] = x.MadeBy })]));

    private JsonArray Look(HttpContext http) => store.Locked(() => new JsonArray([.. Person(AccountOf(http)).Look(CalendarOf(http)).Select(x => JsonSerializer.SerializeToNode(x, JsonSerializerOptions.Web))]));

    private void Untick(string account, string scope)
    {
        foreach (var grant in store.Grants.Find(x => x.Account == account).ToList())
            if (grant.Scopes.Remove(scope)) store.Grants.Update(grant);
    }

    /// <summary>Forced expiry: every sync token issued until now is refused with 410.</summary>
    private void ExpireTokens(CalendarRow row)
    {
        row.TokensFrom = store.NextSequence();
        store.Calendars.Update(row);
    }
}
