using CalDavServer.Web.SignIn;
using Practice.Audit;

namespace CalDavServer.Web;

/// <summary>
/// What stands on top of every page when something was done to the person's account that they have not seen in this browser, and not done in it. A mail server is not needed for it, and who has stolen another session
/// of theirs cannot click it away here.
/// </summary>
internal sealed partial class SecurityBanner(SecurityEvents events, ILogger<SecurityBanner> log)
{
    /// <summary>Where it is told in full.</summary>
    public const string Page = "/settings/security";

    /// <summary>The sentence; null when there is nothing to say. A page goes on without it.</summary>
    public async Task<string?> FindAsync(HttpContext context)
    {
        if (context.Features.Get<Person>() is not { } me || context.Request.Path == Page) return null;
        try
        {
            var unseen = (await events.ListAsync(me.Principal.Id, me.Browser.Looked, context.RequestAborted)).Where(noted => noted.Event.Browser != me.Browser.Id).ToList();
            if (unseen.Count == 0) return null;
            var (what, when) = (WordsOf(unseen[0]), PageTime.Moment(unseen[0].Event.At, me));
            if (unseen is [{ Event.Action: AuditAction.AdministratorAdded }])
                return $"Your practice has another administrator: {what}, {when}. If neither you nor another administrator did this, change your password.";
            return unseen.Count == 1
                ? $"Your account has changed: {what}, {when}. If this was not you, change your password."
                : $"Your account has changed {unseen.Count} times, most recently: {what}, {when}. If this was not you, change your password.";
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            Failed(log, failure.GetType().Name);
            return null;
        }
    }

    /// <summary>What was done, in a sentence without a full stop.</summary>
    public static string WordsOf(SecurityNotice notice)
    {
        var noted = notice.Event;
        if (noted is { Action: AuditAction.AdministratorAdded, About: not null })
            return $"{notice.AboutName ?? "somebody who is no longer here"} was invited as an administrator, or got that access back";
        return noted.Label is { } label ? $"{AuditSentence.Words(noted.Action)} ({label})" : AuditSentence.Words(noted.Action);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "What was done to an account could not be read for a page ({Failure})")]
    private static partial void Failed(ILogger logger, string failure);
}
