using CalDavServer.Links;
using CalDavServer.Links.Halaxy;
using CalDavServer.Options;
using CalDavServer.Web.SignIn;
using Calendaring.Store;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;
using Practice;
using Practice.Groups;
using ProviderBridge.Halaxy;

namespace CalDavServer.Web.Pages.Settings.Halaxy;

/// <summary>Where an administrator connects the practice to its Halaxy account, sees how that stands, and ends it.</summary>
[Authorize(Policy = Policies.Administrator)]
internal sealed class IndexModel(HalaxyConnections connections, HalaxyRunner runner, HalaxySecrets secrets, PracticeDirectory directory, ServerOptions options, IClock clock) : PageModel
{
    private const string Self = "/settings/integrations/halaxy";
    private const int MaxKey = 500;

    public Instant Now { get; } = clock.GetCurrentInstant();

    public DateTimeZone Zone => Practice.Zone();

    public PracticeGroup Practice => Me.Practice!;

    /// <summary>The connection; null when there never was one.</summary>
    public HalaxyConnection? Connection { get; private set; }

    /// <summary>The practitioners of the practice; of those who are deactivated, the ones who are matched still.</summary>
    public IReadOnlyList<Principal> Practitioners { get; private set; } = [];

    /// <summary>What would come, once that was asked for.</summary>
    public IReadOnlyList<HalaxyForecast>? Forecast { get; private set; }

    public IReadOnlyList<HalaxyTask> Tasks { get; private set; } = [];

    public IReadOnlyList<HalaxyOverruled> Overruled { get; private set; } = [];

    /// <summary>What a key that was tried may see; null when none was tried now.</summary>
    public IReadOnlyList<HalaxyScope>? Scopes { get; private set; }

    /// <summary>Whether it is known which appointments came from an account that is not connected any more.</summary>
    public bool HasMirrored { get; private set; }

    public string Region { get; private set; } = "au";

    public string ClientId { get; private set; } = "";

    public string? Problem { get; private set; }

    public string? MatchProblem { get; private set; }

    /// <summary>What would leave the diaries, where that is to be confirmed.</summary>
    public IReadOnlyList<HalaxyLeaving> Leaving { get; private set; } = [];

    /// <summary>What says that it was confirmed for those who are chosen.</summary>
    public string Sure => SureOf(Connection!.Matches);

    /// <summary>Whether the server's operator has set where Halaxy is.</summary>
    public bool HasOwnAddress => options.HalaxyAddress is not null;

    /// <summary>Whether somebody asked for a look that is not done yet.</summary>
    public bool IsAsked => runner.IsAsked(Practice.Id);

    public int Failures => runner.FailuresOf(Practice.Id);

    public (int Done, int Of)? Progress => runner.ProgressOf(Practice.Id);

    public Instant? Next => runner.NextOf(Practice.Id);

    /// <summary>Whether all is being compared, or is about to be.</summary>
    public bool Compares => Progress is not null || Connection!.LastCompare is null;

    /// <summary>Whether what the page says changes within moments: a look is under way, or was asked for.</summary>
    public bool IsMoving => Connection!.Mirrors && (Compares || IsAsked || Connection.LastPass is null || Next is null);

    public Instant? LastHook => runner.LastHookOf(Practice.Id);

    /// <summary>When a webhook was refused for its header, if none came since.</summary>
    public Instant? RefusedHook => Connection?.AsksHookHeader == true && runner.RefusedHookOf(Practice.Id) is { } refused && !(LastHook >= refused) ? refused : null;

    /// <summary>What is entered in Halaxy for webhooks; null where Halaxy cannot reach this server, or nothing is known of them.</summary>
    public (IReadOnlyList<(string Topic, string Address)> Addresses, string Header)? Hooks
    {
        get
        {
            if (Connection is not { IsConnected: true } connection || LinkHosting.HookAt(options, HalaxyWebhooks.Path) is not { } at || secrets.HookOf(connection) is not { } hook) return null;
            return ([.. HalaxyWebhooks.Kinds.Select(kind => (kind.Topic, $"{at.AbsoluteUri}/{hook.Secret}/{kind.Name}"))], hook.Header);
        }
    }

    private Person Me => Person.Of(HttpContext);

    /// <summary>Shows it; what would come is counted again where the page says so, so that it can be opened again and gone back to.</summary>
    public async Task OnGetAsync(bool counts)
    {
        await ReadAsync();
        if (counts && Connection is { State: HalaxyState.Proposed, Matches.Count: > 0 }) await CountAsync();
    }

    /// <summary>The part of the page that is filled again while it is open.</summary>
    public async Task<IActionResult> OnGetStateAsync()
    {
        await ReadAsync();
        return Connection is null ? NotFound() : Partial("/Web/Pages/Settings/Halaxy/_State.cshtml", this);
    }

    /// <summary>When what was done last, likewise.</summary>
    public async Task<IActionResult> OnGetFactsAsync()
    {
        await ReadAsync();
        return Connection is null ? NotFound() : Partial("/Web/Pages/Settings/Halaxy/_Facts.cshtml", this);
    }

    /// <summary>Tries a key, and keeps it when it is good.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostKeyAsync(string? region, string? clientId, string? clientSecret)
    {
        await ReadAsync();
        (Region, ClientId) = (region ?? "", clientId?.Trim() ?? "");
        var secret = clientSecret?.Trim() ?? "";
        if ((options.HalaxyAddress ?? HalaxyKey.OfRegion(Region)) is not { } address || ClientId.Length is 0 or > MaxKey || secret.Length is 0 or > MaxKey || ClientId.Concat(secret).Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return Refused("Choose the region, and copy the client id and the client secret from Halaxy, without spaces.");
        try
        {
            var trial = await connections.TryAsync(Practice.Id, new HalaxyKey(address, ClientId, secret), Me.Actor, HttpContext.RequestAborted);
            if (trial.IsForgetting) return Refused("Nothing was changed: this server has begun to forget what was mirrored, and has not finished. Press “Finish forgetting” on this page, or wait a quarter of an hour; then any Halaxy account can be connected.");
            if (trial.IsOfAnotherAccount) return Refused("This key opens another Halaxy account, or another region, than the one whose appointments are in the diaries here. Use a key of the account that was connected before. To change to another account, disconnect first, then open “Forget what was mirrored” on this page.");
            if (trial.IsUnclear) return Refused("Halaxy did not list all practitioners at their clinics, so we cannot tell whether this key belongs to the account that was connected before. Nothing was changed. Try again in a few minutes. If it stays like this, disconnect first, then open “Forget what was mirrored” on this page: after that, any account can be connected.");
            Scopes = trial.Scopes;
            if (!trial.IsKept) return Refused("The key is good, but it cannot see what is needed. In Halaxy, open the key, tick what is missing below, and try again.");
        }
        catch (HalaxyException refused)
        {
            return Refused(HalaxyWords.Of(refused.Fault, hasRegions: !HasOwnAddress));
        }

        runner.Wake(Practice.Id);
        TempData["Notice"] = Connection is { IsConnected: true } ? "Halaxy accepts the new key. Changes made in the meantime will follow." : "Halaxy accepts the key. Nothing has been changed yet.";
        return LocalRedirect(Self);
    }

    /// <summary>Says who is who, and leads to what would come.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostMatchAsync(string? sure)
    {
        await ReadAsync();
        if (Connection is not { State: not HalaxyState.Disconnected } connection) return LocalRedirect(Self);
        var there = HalaxyPractitionerMatching.PractitionersOf(connection.Roles);
        var matches = MatchesSent(connection);
        if (matches.GroupBy(match => match.HalaxyPractitionerId).FirstOrDefault(same => same.Count() > 1) is { } same)
        {
            Connection = connection with { Matches = matches };
            MatchProblem = $"{string.Join(" and ", same.Select(match => NameOf(match.PractitionerId)))} are both matched with {there.First(one => one.Id == same.Key).Name}. Only one of them can be that person: choose again.";
            return Page();
        }

        if (connection.IsConnected && matches.Count == 0)
        {
            Connection = connection with { Matches = matches };
            MatchProblem = "That would leave nobody connected: choose at least one practitioner, or disconnect below.";
            return Page();
        }

        Leaving = sure == SureOf(matches) ? [] : await connections.CountLeavingAsync(connection, matches, HttpContext.RequestAborted);
        if (Leaving.Count > 0)
        {
            Connection = connection with { Matches = matches };
            MatchProblem = $"{string.Join(" ", Leaving.Select(one => HalaxyWords.Leaves(NameOf(one.PractitionerId), one.Count)))} If that is what you want, press the button again.";
            return Page();
        }

        Connection = await connections.MatchAsync(Practice.Id, matches, Me.Actor) ?? connection;
        if (Connection.IsConnected)
        {
            runner.Wake(Practice.Id);
            TempData["Notice"] = HalaxyWords.Matched(connection.Matches, matches, isFirst: connection.LastPass is null);
            return LocalRedirect(Self);
        }

        if (Connection.Matches.Count > 0) return LocalRedirect(Self + "?counts=true");
        MatchProblem = "Choose at least one practitioner.";
        return Page();
    }

    /// <summary>Connects those whom the form shows: where others were chosen since it was counted, it is counted again.</summary>
    [LastingAccess(LastingAccess.Gives)]
    public async Task<IActionResult> OnPostConnectAsync()
    {
        await ReadAsync();
        if (Connection is { State: HalaxyState.Proposed } proposed && SureOf(MatchesSent(proposed)) != SureOf(proposed.Matches))
        {
            TempData["Notice"] = "You have changed who is who, so nothing is connected yet: look at what will come now, then connect.";
            return await OnPostMatchAsync(null);
        }

        var connected = await connections.ConnectAsync(Practice.Id, Me.Actor);
        if (connected is not null) runner.Wake(Practice.Id);
        TempData["Notice"] = (connected ?? await connections.FindAsync(Practice.Id)) switch
        {
            { IsConnected: true } => "The practice is connected. Halaxy’s appointments are coming into the diaries.",
            { IsForgetting: true } => "Nothing was changed: this server has begun to forget what was mirrored, and has not finished. Press “Finish forgetting”, or wait a quarter of an hour.",
            { State: HalaxyState.Proposed } => "Nothing was changed: match at least one practitioner first.",
            _ => "Nothing was changed: the key is forgotten. Enter it again.",
        };
        return LocalRedirect(Self);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostDisconnectAsync()
    {
        var was = await connections.FindAsync(Practice.Id);
        await connections.DisconnectAsync(Practice.Id, Me.Actor);
        runner.Wake(Practice.Id);
        TempData["Notice"] = was is { IsConnected: true } ? "The practice is disconnected. The diaries stay as they are, and are the practice’s own again. Delete the API key in Halaxy too." : "The key is forgotten. Delete it in Halaxy too.";
        return LocalRedirect(Self);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostForgetAsync()
    {
        TempData["Notice"] = await connections.ForgetAsync(Practice.Id, Me.Actor)
            ? "What was mirrored is forgotten. The appointments are in the diaries as they were, and are the practice’s own. Any Halaxy account can be connected now."
            : "Nothing was changed: the practice is connected, or there is nothing to forget.";
        return LocalRedirect(Self);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostLookAsync() => Told(await connections.ResumeAsync(Practice.Id), "Halaxy is being asked now.", looks: true);

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostCompareAsync() => Told(await connections.CompareAsync(Practice.Id), "All appointments are being compared.", looks: true);

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostRemoveAsync()
    {
        var done = "";
        var changed = await connections.ChangeAsync(Practice.Id, connection =>
        {
            done = HalaxyWords.Confirmed(connection);
            return connection.State == HalaxyState.DeletionsHeld ? connection.AllowingDeletions() : null;
        });
        return Told(changed, done);
    }

    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostHeaderAsync(bool asks)
    {
        var changed = await connections.ChangeAsync(Practice.Id, connection => connection.IsConnected ? connection with { AsksHookHeader = asks } : null);
        if (changed is not null) runner.AskHeader(Practice.Id, asks);
        return Told(changed, asks ? "Webhooks without the Authentication Header are refused from now on." : "Webhooks without the Authentication Header are accepted again.");
    }

    /// <summary>A version of the diary that did not count was looked at.</summary>
    [LastingAccess(LastingAccess.None)]
    public async Task<IActionResult> OnPostPutAwayAsync(string? appointment, string? practitioner)
    {
        await connections.PutAwayAsync(Practice.Id, appointment ?? "", practitioner ?? "");
        return LocalRedirect(Self);
    }

    /// <summary>The field of the form that says who somebody is in Halaxy.</summary>
    public static string FieldOf(string practitionerId) => $"match-{practitionerId}";

    /// <summary>Who somebody here is in Halaxy; null when nobody.</summary>
    public string? MatchOf(Principal person) => Connection?.Matches.FirstOrDefault(match => match.PractitionerId == person.Id)?.HalaxyPractitionerId;

    public string NameOf(string practitionerId) => Practitioners.FirstOrDefault(person => person.Id == practitionerId)?.DisplayName ?? "Somebody who is no longer here";

    /// <summary>Who is who by the form that was sent; whoever is not on it stays as they are.</summary>
    private List<HalaxyMatch> MatchesSent(HalaxyConnection connection)
    {
        var there = HalaxyPractitionerMatching.PractitionersOf(connection.Roles);
        return
        [
            .. Practitioners.Where(person => Request.Form.ContainsKey(FieldOf(person.Id))).Select(person => new HalaxyMatch(person.Id, Request.Form[FieldOf(person.Id)].ToString())).Where(match => there.Any(one => one.Id == match.HalaxyPractitionerId)),
            .. connection.Matches.Where(match => !Request.Form.ContainsKey(FieldOf(match.PractitionerId))),
        ];
    }

    private static string SureOf(IEnumerable<HalaxyMatch> matches) => string.Join(' ', matches.Select(match => $"{match.PractitionerId}={match.HalaxyPractitionerId}").Order(StringComparer.Ordinal));

    private async Task CountAsync()
    {
        try
        {
            Forecast = await connections.CountAsync(Connection!, Me.Actor, HttpContext.RequestAborted);
        }
        catch (HalaxyException refused)
        {
            MatchProblem = HalaxyWords.Of(refused.Fault, hasRegions: !HasOwnAddress);
        }
    }

    private LocalRedirectResult Told(HalaxyConnection? changed, string done, bool looks = false)
    {
        if (changed is not null) runner.Wake(Practice.Id, looks);
        TempData["Notice"] = changed is null ? "Something has changed in the meantime: check how it stands now." : done;
        return LocalRedirect(Self);
    }

    private PageResult Refused(string problem)
    {
        Problem = problem;
        return Page();
    }

    private async Task ReadAsync()
    {
        Connection = await connections.FindAsync(Practice.Id, HttpContext.RequestAborted);
        Practitioners = [.. (await directory.ListPeopleAsync(Practice.Id, HttpContext.RequestAborted)).Where(person => person is { Role: PrincipalRole.Practitioner, Deactivated: null } || MatchOf(person) is not null).OrderBy(person => person.DisplayName, StringComparer.CurrentCulture)];
        if (Connection is { IsConnected: true }) (Tasks, Overruled) = await connections.ReportAsync(Practice.Id, HttpContext.RequestAborted);
        if (Connection is not { } connection) return;
        HasMirrored = await connections.HasMirroredAsync(Practice.Id, HttpContext.RequestAborted);
        Region = connection.Address == HalaxyKey.Eu ? "eu" : "au";
        ClientId = connection.ClientId;
    }
}
