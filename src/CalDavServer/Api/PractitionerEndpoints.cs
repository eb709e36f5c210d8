using CalDavServer.Access;
using CalDavServer.Dav.Resources;
using Calendaring.Store;
using Practice.Diaries;

namespace CalDavServer.Api;

/// <summary>The practitioners whose diaries the caller may open.</summary>
internal static class PractitionerEndpoints
{
    public static void Map(RouteGroupBuilder group) =>
        group.MapGet("/practitioners", ListAsync).WithSummary("The practitioners whose diaries you may open");

    private static async Task<ApiAnswer<ApiPractitioners>> ListAsync(HttpContext context, ICalendarStore store)
    {
        var caller = context.Features.Get<Caller>() ?? throw new ApiFault(StatusCodes.Status401Unauthorized, "Sign in with an app password.");
        using var snapshot = await store.OpenSnapshotAsync(context.RequestAborted);
        var practitioners = (await ResourceResolver.ListKnownAsync(caller, snapshot))
            .Where(principal => PracticeDiaries.MayOpen(caller.Principal, principal))
            .OrderBy(principal => principal.DisplayName, StringComparer.Ordinal)
            .Select(principal => new ApiPractitioner(principal.Id, principal.DisplayName));
        return new ApiAnswer<ApiPractitioners>(new ApiPractitioners([.. practitioners]));
    }
}
