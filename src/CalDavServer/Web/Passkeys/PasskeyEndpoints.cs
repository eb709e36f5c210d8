using CalDavServer.Http;
using CalDavServer.Web.SignIn;
using NodaTime;
using Practice.People;

namespace CalDavServer.Web.Passkeys;

/// <summary>What the script of a page asks for when somebody presses a button to make or use a passkey (<c>Assets/passkey.js</c>): options with a challenge, as JSON. Whatever else it gets is a sentence to show.</summary>
internal sealed class PasskeyEndpoints(PasskeyBook book, IClock clock, PasskeyService passkeys, PendingSignIn pendingSignIn)
{
    private readonly AttemptLimit _places = new(clock, 20, Duration.FromSeconds(6));
    private readonly AttemptLimit _networks = new(clock, 60, Duration.FromSeconds(2));

    public static void Map(IEndpointRouteBuilder routes)
    {
        var passkeys = routes.MapGroup("/passkeys").WithMetadata(new PageEndpoint());
        passkeys.MapPost("/sign-in", static (PasskeyEndpoints endpoints, HttpContext context) => endpoints.SignInAsync(context));
        passkeys.MapPost("/code", static (PasskeyEndpoints endpoints, HttpContext context) => endpoints.SecondStepAsync(context));
        passkeys.MapPost("/confirm", static (PasskeyEndpoints endpoints, HttpContext context) => endpoints.ConfirmAsync(context)).RequireAuthorization();
        passkeys.MapPost("/new", static (PasskeyEndpoints endpoints, HttpContext context) => endpoints.NewAsync(context)).RequireAuthorization();
    }

    private Task SignInAsync(HttpContext context)
    {
        var origin = Origin.Of(context.Connection.RemoteIpAddress);
        var wait = _places.Begin(origin.Place);
        if (wait == 0 && origin.Network is { } network) wait = _networks.Begin(network);
        if (wait > 0) return RefuseAsync(context, Refusal.TooMany(context.Response, wait), StatusCodes.Status429TooManyRequests);
        return AnswerAsync(context, passkeys.BeginUse(context, PasskeyPurpose.SignIn, null, null));
    }

    private async Task SecondStepAsync(HttpContext context)
    {
        if (pendingSignIn.Find(context) is not var (personId, _)) await RefuseAsync(context, "The page was open for too long. Start again.", StatusCodes.Status403Forbidden);
        else await AnswerAsync(context, passkeys.BeginUse(context, PasskeyPurpose.SecondStep, personId, await book.ListAsync(personId, context.RequestAborted)));
    }

    private async Task ConfirmAsync(HttpContext context)
    {
        var me = Person.Of(context);
        await AnswerAsync(context, passkeys.BeginUse(context, PasskeyPurpose.Confirm, me.SessionId, await book.ListAsync(me.Principal.Id, context.RequestAborted)));
    }

    private async Task NewAsync(HttpContext context)
    {
        var me = Person.Of(context);
        if (!Confirmation.IsRecent(me, clock.GetCurrentInstant())) await RefuseAsync(context, Confirmation.Asked, StatusCodes.Status403Forbidden);
        else await AnswerAsync(context, passkeys.BeginNew(context, me, await book.ListAsync(me.Principal.Id, context.RequestAborted)));
    }

    private static Task AnswerAsync(HttpContext context, string? options)
    {
        if (options is null) return RefuseAsync(context, "Passkeys do not work at this address. Open the pages under the server's name, with https.", StatusCodes.Status409Conflict);
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(options);
    }

    private static Task RefuseAsync(HttpContext context, string sentence, int status) => PlainAnswer.WriteAsync(context.Response, status, sentence);
}
