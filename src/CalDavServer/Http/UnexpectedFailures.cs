namespace CalDavServer.Http;

/// <summary>
/// Answers 500 where the program is at fault, and logs where. An exception's message may quote an appointment, so only its type and stack
/// are logged.
/// </summary>
internal sealed partial class UnexpectedFailures(RequestDelegate next, ILogger<UnexpectedFailures> logger)
{
    /// <summary>When a client may ask again after a 503 (RFC 9110 §10.2.3).</summary>
    public const string RetryAfterSeconds = "5";

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // the client has gone: nobody reads an answer; the number is for the metrics and the log
            if (!context.Response.HasStarted) context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        catch (SlowClientException)
        {
            context.Abort();
        }
        catch (BadHttpRequestException refused)
        {
            await AnswerAsync(context, refused.StatusCode, "The request could not be read.");
        }
        catch (Exception failure) when (StoreRefusal.Of(failure) is { } refusal)
        {
            refusal.Log(logger, context.Request.Method);
            await AnswerAsync(context, 503, refusal.Sentence);
        }
        catch (Exception failure)
        {
            var cause = failure.InnerException?.GetType().FullName;
            LogFailure(logger, context.Request.Method, failure.GetType().FullName, cause, failure.StackTrace);
            await AnswerAsync(context, 500, "The server failed on this request. Nothing was lost; the server's log says where.");
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, string text)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return;
        }

        context.Response.Clear();
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await PlainAnswer.WriteAsync(context.Response, status, text);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} failed: {Type} ({Cause})\n{Stack}")]
    private static partial void LogFailure(ILogger logger, string method, string? type, string? cause, string? stack);
}
